using Conductor.Domain.Streams.Processing;

namespace Conductor.Files.AvroFiles;

/// <summary>
/// Writes the values of container packets to Avro container files. A file appears under its name only when it is complete and on disk, with the
/// source position that it stands for in its own metadata (<see cref="FilePositions"/>): whatever happens, every record is in exactly one file.
/// A file holds one schema; a packet with another begins a new file.
/// </summary>
public sealed class AvroFilesRecordSink(AvroFilesSinkOptions options, TimeProvider time) : IRecordSink
{
    /// <inheritdoc/>
    public async Task<ISinkWriter> OpenAsync(SinkPartition partition, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.Folder);
        var names = new FileNames(options.Folder, options.Owner, partition);
        var fence = new PartitionFence(names, partition.Epoch);
        var position = await fence.TakeOverAsync(time, cancellationToken);
        return new AvroFilesWriter(options, partition, names, fence, position, time);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
