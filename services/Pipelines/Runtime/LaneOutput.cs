using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.Pipelines.Runtime;

/// <summary>The sinks of a lane, and its dead letters.</summary>
internal sealed class LaneOutput : IAsyncDisposable
{
    private const string DeadLetterPosition = "dead letters";
    private readonly List<SinkOutput> _sinks = [];
    private readonly DeadLetters _deadLetters;
    private readonly RecordFaults _faults;
    private long _lettersHeld;

    private LaneOutput(DeadLetters deadLetters, RecordFaults faults, long lettersHeld) =>
        (_deadLetters, _faults, _lettersHeld) = (deadLetters, faults, lettersHeld);

    /// <summary>Whether a sink does not work: the lane is to start again.</summary>
    public bool HasFailed => _sinks.Exists(s => s.Failure is not null);

    /// <summary>Up to where each of them holds everything, for those that are further than an offset.</summary>
    public IReadOnlyDictionary<string, long> PositionsBehind(long offset) =>
        _sinks.Select(s => (s.Name, s.Position)).Append((DeadLetterPosition, _lettersHeld)).Where(s => s.Item2 > offset)
            .ToDictionary(s => s.Item1, s => s.Item2);

    public static async Task<LaneOutput> OpenAsync(NodeContext node, IPartitionReader reader, LaneProgress progress,
        (RecordFaults Faults, IStreamTransactions? Transactions) lane, CancellationToken cancellationToken)
    {
        var (faults, transactions) = lane;
        var partition = new SinkPartition(NodeNames.SourceOf(reader.Source, progress.Rewinds), reader.Partition, reader.Epoch);
        var output = new LaneOutput(new DeadLetters(node, reader, partition, transactions), faults, progress.Sinks.GetValueOrDefault(DeadLetterPosition));
        try
        {
            foreach (var sink in node.Sinks)
                output._sinks.Add(await SinkOutput.OpenAsync(sink, partition, progress.Sinks.GetValueOrDefault(sink.Name), transactions, cancellationToken));
            return output;
        }
        catch
        {
            await output.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Writes to every sink that works what it does not hold yet. A record that a sink refuses becomes a dead letter, and the others still get it.
    /// </summary>
    /// <returns>How many records the sinks have between them, and how many records some sink refused.</returns>
    public async Task<(long Written, int Refused)> WriteAsync(ReadOnlyMemory<StreamRecord> records, CancellationToken cancellationToken)
    {
        var (written, refused) = (0L, 0);
        for (var i = 0; i < records.Length; i++)
        {
            var isRefused = false;
            foreach (var sink in _sinks)
            {
                if (await IsRefusedAsync(sink, records.Slice(i, 1), cancellationToken)) isRefused = true;
                else if (sink.Holds(records.Span[i].Offset)) written++;
            }
            if (isRefused) refused++;
        }
        return (written, refused);
    }

    /// <summary>Sets aside a record that the processors cannot make out.</summary>
    public ValueTask DeadLetterAsync(StreamRecord record, BadRecordException reason, CancellationToken cancellationToken) =>
        record.Offset < _lettersHeld ? ValueTask.CompletedTask : _deadLetters.WriteAsync(record, step: "", reason, cancellationToken);

    /// <summary>Makes durable what was written up to an offset, in every sink that works.</summary>
    public async Task FlushAsync(long nextOffset, CancellationToken cancellationToken)
    {
        foreach (var sink in _sinks) await sink.FlushAsync(nextOffset, cancellationToken);
        await _deadLetters.FlushAsync(cancellationToken);
        _lettersHeld = Math.Max(_lettersHeld, nextOffset);
    }

    /// <summary>Throws what a sink has failed with.</summary>
    public void ThrowFailure()
    {
        if (_sinks.Find(s => s.Failure is not null) is { Failure: { } failure, Name: var name }) throw new SinkFailedException(name, failure);
    }

    private async ValueTask<bool> IsRefusedAsync(SinkOutput sink, ReadOnlyMemory<StreamRecord> record, CancellationToken cancellationToken)
    {
        var offset = record.Span[0].Offset;
        // Before the lane went back for another sink's sake.
        if (sink.Holds(offset)) return _faults.IsRefused(sink.Name, offset);
        try
        {
            await sink.WriteAsync(record, _faults, cancellationToken);
            return false;
        }
        catch (BadRecordException e)
        {
            await _deadLetters.WriteAsync(record.Span[0], "/" + sink.Name, e, cancellationToken);
            _faults.Refuse(sink.Name, offset);
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sink in _sinks) await sink.DisposeAsync();
        await _deadLetters.DisposeAsync();
    }
}

/// <summary>A sink of a lane does not work now.</summary>
internal sealed class SinkFailedException(string sink, Exception failure) : Exception($"sink '{sink}': {failure.Message}", failure);
