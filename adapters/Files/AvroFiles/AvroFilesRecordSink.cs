using Conductor.Domain.Streams.Processing;

namespace Conductor.Files.AvroFiles;

/// <summary>
/// Writes the values of container packets to Avro container files. A file appears under its name only when it is complete and on disk. Files stay open
/// over many flushes, one for each schema; a flush makes what they hold durable and notes, in one step, their lengths and the source position, so that
/// whatever happens every record is in exactly one file.
/// </summary>
public sealed class AvroFilesRecordSink(AvroFilesSinkOptions options, TimeProvider time) : IRecordSink
{
    /// <inheritdoc/>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public async Task<ISinkWriter> OpenAsync(SinkPartition partition, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.Roots.Demand(options.Folder));
        var names = new FileNames(options.Folder, options.Owner, partition);
        var fence = new PartitionFence(names, partition.Epoch, time);
        var position = await fence.TakeOverAsync(cancellationToken);
        return new AvroFilesWriter(options, partition, names, fence, position, time);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
