using System.Runtime.CompilerServices;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Files.Folders;

/// <summary>
/// A folder of Avro container packets as a source of one partition. Files are read in the order of their names, new ones behind those found before.
/// Whatever cannot be read (no regular file, links that go round or elsewhere, a name that is not UTF-8, more than a packet may have) is a record with a
/// <see cref="Domain.Streams.Records.StreamRecord.Fault"/>. A file that has been read and comes back under its name after a day is a new one.
/// </summary>
public sealed class FolderRecordSource(FolderSourceOptions options, TimeProvider time) : IRecordSource
{
    /// <inheritdoc/>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read.</exception>
    public async IAsyncEnumerable<IPartitionReader> PartitionsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        options.Roots.Demand(options.Folder);
        FolderState? state;
        while ((state = FolderState.TryOpen(options.StateFolder, time)) is null) await Task.Delay(options.Poll, time, cancellationToken);
        yield return new FolderPartitionReader(options, state, time);
        // There is no second partition, and this one is never taken away.
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
