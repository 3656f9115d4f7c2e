using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.Pipelines.Runtime;

/// <summary>The sinks of a lane, and its dead letters.</summary>
internal sealed class LaneOutput : IAsyncDisposable
{
    private readonly List<ISinkWriter> _writers = [];
    private readonly DeadLetters _deadLetters;

    private LaneOutput(DeadLetters deadLetters) => _deadLetters = deadLetters;

    public static async Task<LaneOutput> OpenAsync(NodeContext node, IPartitionReader reader, CancellationToken cancellationToken)
    {
        var output = new LaneOutput(new DeadLetters(node, reader));
        try
        {
            var partition = new SinkPartition(reader.Source, reader.Partition, reader.Epoch);
            foreach (var sink in node.Sinks) output._writers.Add(await sink.OpenAsync(partition, cancellationToken));
            return output;
        }
        catch
        {
            await output.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes to every sink what it does not hold yet; returns how many records the sinks have between them.</summary>
    public async Task<long> WriteAsync(ReadOnlyMemory<StreamRecord> records, CancellationToken cancellationToken)
    {
        if (records.IsEmpty) return 0;
        foreach (var writer in _writers)
        {
            var held = Held(records.Span, writer.Position);
            if (held < records.Length) await writer.WriteAsync(records[held..], cancellationToken);
        }
        return (long)records.Length * _writers.Count;
    }

    public ValueTask DeadLetterAsync(in StreamRecord record, BadRecordException reason, CancellationToken cancellationToken) =>
        _deadLetters.WriteAsync(record, reason, cancellationToken);

    public async Task FlushAsync(long nextOffset, CancellationToken cancellationToken)
    {
        foreach (var writer in _writers) await writer.FlushAsync(nextOffset, cancellationToken);
        await _deadLetters.FlushAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var writer in _writers) await writer.DisposeAsync();
        await _deadLetters.DisposeAsync();
    }

    private static int Held(ReadOnlySpan<StreamRecord> records, long? position)
    {
        var held = 0;
        while (held < records.Length && records[held].Offset < position) held++;
        return held;
    }
}
