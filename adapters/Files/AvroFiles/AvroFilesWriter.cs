using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Avro.Data;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.Files.AvroFiles;

/// <summary>Writes one partition's records.</summary>
internal sealed class AvroFilesWriter(
    AvroFilesSinkOptions options, SinkPartition partition, FileNames names, PartitionFence fence, long? position, TimeProvider time) : ISinkWriter
{
    private readonly ContainerReader _packet = new(new ContainerHeaderCache());
    private PartFile? _part;

    public long? Position { get; private set; } = position;

    public async ValueTask WriteAsync(ReadOnlyMemory<StreamRecord> records, CancellationToken cancellationToken)
    {
        for (var i = 0; i < records.Length; i++)
        {
            var record = records.Span[i];
            // A finished file holds it already.
            if (record.Offset < Position) continue;
            var datum = Open(record);
            if (_part is not null && _part.Schema != _packet.Header.SchemaText) await FinishAsync(record.Offset, cancellationToken);
            _part ??= Begin(record.Offset);
            _part.Append(datum.Span, options.BlockBytes);
            if (_part.Length >= options.MaxFileBytes || _part.Count >= options.MaxFileRecords) await FinishAsync(record.Offset + 1, cancellationToken);
        }
    }

    public async ValueTask FlushAsync(long nextOffset, CancellationToken cancellationToken)
    {
        if (_part is not null) await FinishAsync(nextOffset, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        if (_part is not null)
        {
            _part.Dispose();
            File.Delete(_part.Part);
            _part = null;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The packet's value; valid until the next packet is opened.</summary>
    private ReadOnlyMemory<byte> Open(in StreamRecord record)
    {
        try
        {
            _packet.Open(record.Value);
            return _packet.ReadBlock() && _packet.BlockCount == 1 && _packet.IsLastBlock
                ? _packet.Block
                : throw new BadRecordException("a packet holds one value", 0);
        }
        catch (AvroDataException e)
        {
            throw new BadRecordException(e.Message, e.Offset, e);
        }
    }

    private PartFile Begin(long first) => new(
        names.Finished(first, partition.Epoch), _packet.Header.SchemaText, options.Codec,
        new FilePositions(partition.Source, partition.Partition, partition.Epoch, first, first));

    private async Task FinishAsync(long next, CancellationToken cancellationToken)
    {
        var part = _part!;
        // Waiting for the disk is not for the caller's thread.
        await Task.Run(() => part.Complete(next), cancellationToken);
        await fence.FinishAsync(part.Part, part.Finished, next, time, cancellationToken);
        Position = next;
        _part = null;
    }
}
