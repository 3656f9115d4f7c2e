using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Conductor.Domain.Streams.Records;

namespace Conductor.Pipelines.Runtime;

/// <summary>
/// One sink of a lane, with its own position: what it holds is not written to it again when the lane goes back for another sink's sake. One that fails
/// is left out until the lane starts again.
/// </summary>
internal sealed class SinkOutput(string name, ISinkWriter? writer, long held, Exception? failure) : IAsyncDisposable
{
    private long _written = held;

    public string Name => name;

    /// <summary>What keeps it from taking records; null when nothing does.</summary>
    public Exception? Failure { get; private set; } = failure;

    /// <summary>It holds everything before this offset for certain.</summary>
    public long Position { get; private set; } = held;

    public static async Task<SinkOutput> OpenAsync(
        NamedSink sink, SinkPartition partition, long held, IStreamTransactions? transactions, CancellationToken cancellationToken)
    {
        try
        {
            var writer = transactions is not null && sink.Sink is TopicRecordSink topic
                ? await topic.OpenAsync(partition, transactions, cancellationToken)
                : await sink.Sink.OpenAsync(partition, cancellationToken);
            return new SinkOutput(sink.Name, writer, Math.Max(held, writer.Position ?? 0), failure: null);
        }
        catch (Exception e) when (e is not (OperationCanceledException or FencedException))
        {
            return new SinkOutput(sink.Name, writer: null, held, e);
        }
    }

    /// <summary>Whether the sink has taken everything up to and with an offset, though perhaps not durably.</summary>
    public bool Holds(long offset) => offset < _written;

    /// <summary>Has the sink take a record, unless it failed before.</summary>
    /// <exception cref="BadRecordException">It can never take this record.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<StreamRecord> record, RecordFaults faults, CancellationToken cancellationToken)
    {
        var offset = record.Span[0].Offset;
        if (Failure is not null) return;
        if (faults.VerdictOf(name, offset) is { } verdict) throw verdict;
        try
        {
            await writer!.WriteAsync(record, cancellationToken);
            _written = offset + 1;
        }
        catch (Exception e) when (e is not (BadRecordException or OperationCanceledException or FencedException))
        {
            if (!RecordFaults.IsOutage(e)) faults.Note(name, offset, e);
            Failure = e;
        }
    }

    /// <summary>Makes what was written durable.</summary>
    public async ValueTask FlushAsync(long nextOffset, CancellationToken cancellationToken)
    {
        if (Failure is not null || nextOffset < Position) return;
        try
        {
            await writer!.FlushAsync(nextOffset, cancellationToken);
            Position = Math.Max(Position, nextOffset);
        }
        catch (Exception e) when (e is not (OperationCanceledException or FencedException))
        {
            Failure = e;
        }
    }

    public ValueTask DisposeAsync() => writer?.DisposeAsync() ?? ValueTask.CompletedTask;
}
