using System.Runtime.CompilerServices;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Files.Folders;

/// <summary>
/// A folder of Avro container packets as a source of one partition. Files are read in the order of their names, new ones behind those found before.
/// </summary>
public sealed class FolderRecordSource(FolderSourceOptions options, TimeProvider time) : IRecordSource
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<IPartitionReader> PartitionsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FolderState? state;
        while ((state = FolderState.TryOpen(options.StateFolder)) is null) await Task.Delay(options.Poll, time, cancellationToken);
        yield return new FolderPartitionReader(options, state, time);
        // There is no second partition, and this one is never taken away.
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
