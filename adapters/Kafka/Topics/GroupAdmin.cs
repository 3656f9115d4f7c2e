using Conductor.Domain.Streams.Brokers;
using Conductor.Kafka.Connections;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Conductor.Kafka.Topics;

/// <summary>Groups as the cluster keeps them.</summary>
internal sealed class GroupAdmin(ClusterAdmin cluster)
{
    /// <summary>The committed offsets of a group by partition; one without is left out.</summary>
    public async Task<IReadOnlyDictionary<int, long>> PositionsAsync(
        string topic, IReadOnlyList<int> partitions, string group, CancellationToken cancellationToken)
    {
        var wanted = new ConsumerGroupTopicPartitions(group, [.. partitions.Select(p => new TopicPartition(topic, p))]);
        try
        {
            var found = await cluster.AskPatientlyAsync(client => client.ListConsumerGroupOffsetsAsync([wanted],
                new ListConsumerGroupOffsetsOptions { RequireStableOffsets = true }), cancellationToken);
            return found[0].Partitions.Where(p => p.Offset.Value >= 0).ToDictionary(p => p.Partition.Value, p => p.Offset.Value);
        }
        catch (ListConsumerGroupOffsetsException e)
        {
            if (AdminErrors.FirstOf(e).Code == ErrorCode.GroupIdNotFound) return new Dictionary<int, long>();
            throw KafkaErrors.Unavailable(AdminErrors.FirstOf(e), e);
        }
    }

    /// <exception cref="InvalidOperationException">The group has live members.</exception>
    public async Task MoveAsync(string topic, string group, IReadOnlyDictionary<int, long> positions, CancellationToken cancellationToken)
    {
        var wanted = new ConsumerGroupTopicPartitionOffsets(group, [.. positions.Select(p => new TopicPartitionOffset(topic, p.Key, p.Value))]);
        try
        {
            await cluster.AskPatientlyAsync(client => client.AlterConsumerGroupOffsetsAsync([wanted]), cancellationToken);
        }
        catch (AlterConsumerGroupOffsetsException e)
        {
            var error = AdminErrors.FirstOf(e);
            throw error.Code is ErrorCode.UnknownMemberId or ErrorCode.NonEmptyGroup
                ? new InvalidOperationException($"group {group} on {topic} has live members; stop them before moving it", e)
                : KafkaErrors.Unavailable(error, e);
        }
    }

    /// <summary>Nothing happens where there is no such group.</summary>
    /// <exception cref="InvalidOperationException">The group has live members.</exception>
    public async Task ForgetAsync(string topic, IReadOnlyList<int> partitions, string group, CancellationToken cancellationToken)
    {
        var wanted = partitions.Select(p => new TopicPartition(topic, p));
        try
        {
            await cluster.AskPatientlyAsync(client => client.DeleteConsumerGroupOffsetsAsync(group, wanted), cancellationToken);
        }
        catch (KafkaException e) when (AdminErrors.FirstOf(e).Code == ErrorCode.GroupIdNotFound)
        {
            // It never was, or is forgotten.
        }
        catch (DeleteConsumerGroupOffsetsException e)
        {
            var error = AdminErrors.FirstOf(e);
            throw error.Code is ErrorCode.GroupSubscribedToTopic
                ? new InvalidOperationException($"group {group} on {topic} has live members; stop them before forgetting it", e)
                : KafkaErrors.Unavailable(error, e);
        }
    }

    /// <summary>All groups that have members or positions in a topic, by name.</summary>
    public async Task<IReadOnlyList<GroupSummary>> ListAsync(string topic, IReadOnlyList<int> partitions, CancellationToken cancellationToken)
    {
        var all = (await cluster.AskAsync(client => client.ListConsumerGroupsAsync(), cancellationToken)).Valid;
        if (all.Count == 0) return [];
        var described = (await cluster.AskAsync(client => client.DescribeConsumerGroupsAsync(all.Select(g => g.GroupId)), cancellationToken))
            .ConsumerGroupDescriptions;
        var groups = new List<GroupSummary>();
        foreach (var group in described.OrderBy(g => g.GroupId, StringComparer.Ordinal))
        {
            var members = group.Members.Count(m => m.Assignment.TopicPartitions.Exists(p => p.Topic == topic));
            if (members > 0 || (await PositionsAsync(topic, partitions, group.GroupId, cancellationToken)).Count > 0) groups.Add(new(group.GroupId, members));
        }
        return groups;
    }
}
