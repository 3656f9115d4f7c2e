using Conductor.Domain.Streams.Brokers;
using Conductor.Kafka.Connections;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Conductor.Kafka.Topics;

/// <summary>Offsets of partitions: one question for all partitions of a topic.</summary>
internal sealed class Offsets(ClusterAdmin cluster)
{
    public async Task<IReadOnlyList<PartitionRange>> RangesAsync(string topic, IReadOnlyList<int> partitions, CancellationToken cancellationToken)
    {
        var first = AskAsync(topic, partitions, OffsetSpec.Earliest(), cancellationToken);
        var next = AskAsync(topic, partitions, OffsetSpec.Latest(), cancellationToken);
        var (from, to) = (await first, await next);
        return [.. partitions.Select(p => new PartitionRange(p, from[p], to[p]))];
    }

    /// <summary>Turns a position into offsets; a time behind the newest record into the end.</summary>
    public async Task<IReadOnlyDictionary<int, long>> FindAsync(
        string topic, IReadOnlyList<int> partitions, StreamPosition position, CancellationToken cancellationToken)
    {
        if (position is StreamPosition.At at) return partitions.ToDictionary(p => p, _ => at.Offset);
        var found = await AskAsync(topic, partitions, SpecificationOf(position), cancellationToken);
        if (found.Values.All(offset => offset >= 0)) return found;
        var ends = await AskAsync(topic, partitions, OffsetSpec.Latest(), cancellationToken);
        return partitions.ToDictionary(p => p, p => found[p] >= 0 ? found[p] : ends[p]);
    }

    private static OffsetSpec SpecificationOf(StreamPosition position) => position switch
    {
        StreamPosition.Beginning => OffsetSpec.Earliest(),
        StreamPosition.End => OffsetSpec.Latest(),
        StreamPosition.Since since => OffsetSpec.ForTimestamp(since.Time.ToUnixTimeMilliseconds()),
        _ => throw new ArgumentOutOfRangeException(nameof(position), position, "unknown position"),
    };

    private async Task<Dictionary<int, long>> AskAsync(string topic, IReadOnlyList<int> partitions, OffsetSpec what, CancellationToken cancellationToken)
    {
        var wanted = partitions.Select(p => new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, p), OffsetSpec = what });
        try
        {
            var found = await cluster.AskPatientlyAsync(client => client.ListOffsetsAsync(wanted,
                new ListOffsetsOptions { IsolationLevel = IsolationLevel.ReadUncommitted }), cancellationToken);
            return found.ResultInfos.ToDictionary(r => r.TopicPartitionOffsetError.Partition.Value, r => r.TopicPartitionOffsetError.Offset.Value);
        }
        catch (ListOffsetsException e)
        {
            var error = AdminErrors.FirstOf(e);
            throw KafkaErrors.IsMissing(error) ? new UnknownTopicException(topic) : KafkaErrors.Unavailable(error, e);
        }
    }
}
