using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;
using Conductor.RabbitMqStreams.Consuming;

namespace Conductor.RabbitMqStreams.Topics;

/// <summary>
/// Finds offsets of a partition. AMQP 0-9-1 has no question for them, so that they are looked up by reading: the first record
/// from the beginning, and the end as the place behind which nothing comes for a while. Not for what is asked often.
/// </summary>
internal sealed class PartitionProbe(PartitionSpans spans, Func<string, int, object, ushort, CancellationToken, Task<QueueReader>> open, TimeSpan quiet)
{
    // What comes for certain comes at once: silence before it means a busy broker.
    private readonly TimeSpan _patience = quiet * 20;

    public async Task<PartitionRange> RangeAsync(string topic, int partition, CancellationToken cancellationToken)
    {
        var isEmpty = await SpanAsync(topic, partition, cancellationToken) is null or 0;
        var first = await FirstAsync(topic, partition, new StreamPosition.Beginning(), _ => true, isEmpty ? quiet : _patience, cancellationToken);
        if (first is null) return new(partition, 0, 0);
        return new(partition, first.Value, await NextAsync(topic, partition, quiet, cancellationToken));
    }

    /// <summary>Turns a position into an offset.</summary>
    public async Task<long> OffsetAsync(string topic, int partition, StreamPosition position, CancellationToken cancellationToken)
    {
        if (position is StreamPosition.At at) return at.Offset;
        if (position is StreamPosition.Since since &&
            await FirstAsync(topic, partition, since, r => r.Timestamp >= since.Time, quiet * 4, cancellationToken) is { } found) return found;
        var range = await RangeAsync(topic, partition, cancellationToken);
        return position is StreamPosition.Beginning ? range.First : range.Next;
    }

    /// <summary>The oldest offset; null where nothing comes.</summary>
    public Task<long?> FirstAsync(string topic, int partition, CancellationToken cancellationToken) =>
        FirstAsync(topic, partition, new StreamPosition.Beginning(), _ => true, _patience, cancellationToken);

    /// <summary>
    /// Why reading cannot go on at an offset, which the broker does not say: from one that retention has removed it goes on with the oldest record,
    /// and up to one behind the end it keeps everything back. Of a partition that is empty, nothing can be said before the next record comes: retention
    /// can remove all there are.
    /// </summary>
    public async Task<(LostPositionException? Lost, bool IsEmpty)> LossAsync(string topic, int partition, long wanted, CancellationToken cancellationToken)
    {
        // A broker that has just started may be slow to say what it has, and a wrong answer here would repeat the whole topic: twice, once patiently.
        var (lost, isEmpty) = await LooksLostAsync(topic, partition, wanted, quiet, cancellationToken);
        return lost is null ? (null, isEmpty) : await LooksLostAsync(topic, partition, wanted, _patience, cancellationToken);
    }

    // Null for a queue that is not there: it is made again when it is read.
    private async Task<long?> SpanAsync(string topic, int partition, CancellationToken cancellationToken)
    {
        try
        {
            return await spans.OfAsync(topic, partition, cancellationToken);
        }
        catch (UnknownTopicException)
        {
            return null;
        }
    }

    private async Task<(LostPositionException? Lost, bool IsEmpty)> LooksLostAsync(
        string topic, int partition, long wanted, TimeSpan patience, CancellationToken cancellationToken)
    {
        var isEmpty = await SpanAsync(topic, partition, cancellationToken) is null or 0;
        var first = await FirstAsync(topic, partition, new StreamPosition.Beginning(), _ => true, isEmpty ? quiet : _patience, cancellationToken);
        if (first is null) return (null, true);
        if (first <= wanted && (wanted - first <= 1 || await HoldsAsync(topic, partition, wanted - 1, patience, cancellationToken))) return (null, false);
        var next = await NextAsync(topic, partition, patience, cancellationToken);
        return (first <= wanted && wanted <= next ? null : new LostPositionException(wanted, new PartitionRange(partition, first.Value, next)), false);
    }

    // Of a chunk that a position lies in, the broker sends the records from there on.
    private async Task<bool> HoldsAsync(string topic, int partition, long offset, TimeSpan patience, CancellationToken cancellationToken) =>
        await FirstAsync(topic, partition, new StreamPosition.At(offset), r => r.Offset >= offset, patience, cancellationToken) is not null;

    private async Task<long?> FirstAsync(
        string topic, int partition, StreamPosition from, Func<StreamRecord, bool> isWanted, TimeSpan patience, CancellationToken cancellationToken)
    {
        await using var reader = await open(topic, partition, StreamOffset.Of(from), 4, cancellationToken);
        while (await reader.ReadAsync(patience, cancellationToken) is { } batch)
        {
            using (batch)
            {
                foreach (var record in batch.Records.Span)
                {
                    if (isWanted(record)) return record.Offset;
                }
            }
        }
        return null;
    }

    private async Task<long> NextAsync(string topic, int partition, TimeSpan patience, CancellationToken cancellationToken)
    {
        // The last chunk comes for certain and at once.
        await using var reader = await open(topic, partition, StreamOffset.LastChunk, ushort.MaxValue, cancellationToken);
        // A busy broker may pause in the middle of it: that is not yet the end.
        await reader.SentAsync(cancellationToken);
        var next = 0L;
        // Under steady production there is never silence: what is there after ten times that wait is the end as good as any.
        for (var i = 0; i < 10 && await reader.ReadAsync(i == 0 ? _patience : patience, cancellationToken) is { } batch; i++)
        {
            next = batch.NextOffset;
            batch.Dispose();
        }
        return next > 0 ? next : throw new StreamUnavailableException($"RabbitMQ does not send the last records of {topic}/{partition}");
    }
}
