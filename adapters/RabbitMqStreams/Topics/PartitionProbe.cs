using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Records;
using Conductor.RabbitMqStreams.Consuming;

namespace Conductor.RabbitMqStreams.Topics;

/// <summary>
/// Finds offsets of a partition. AMQP 0-9-1 has no question for them, so that they are looked up by reading: the first record
/// from the beginning, and the end as the place behind which nothing comes for a while.
/// </summary>
internal sealed class PartitionProbe(TopicQueues queues, Func<string, int, object, ushort, CancellationToken, Task<QueueReader>> open, TimeSpan quiet)
{
    public async Task<PartitionRange> RangeAsync(string topic, int partition, CancellationToken cancellationToken)
    {
        var span = await queues.SpanAsync(topic, partition, cancellationToken);
        var first = await FirstAsync(topic, partition, new StreamPosition.Beginning(), _ => true, span == 0 ? quiet : quiet * 20, cancellationToken);
        if (first is null) return new(partition, 0, 0);
        return new(partition, first.Value, await NextAsync(topic, partition, cancellationToken));
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

    private async Task<long> NextAsync(string topic, int partition, CancellationToken cancellationToken)
    {
        // The last chunk comes for certain and at once, so silence before it means a busy broker, not the end.
        await using var reader = await open(topic, partition, StreamOffset.LastChunk, ushort.MaxValue, cancellationToken);
        var next = 0L;
        // Under steady production there is never silence: what is there after ten times that wait is the end as good as any.
        for (var i = 0; i < 10 && await reader.ReadAsync(i == 0 ? quiet * 20 : quiet, cancellationToken) is { } batch; i++)
        {
            next = batch.NextOffset;
            batch.Dispose();
        }
        return next > 0 ? next : throw new StreamUnavailableException($"RabbitMQ does not send the last records of {topic}/{partition}");
    }
}
