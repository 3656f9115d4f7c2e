using System.Runtime.InteropServices;
using Conductor.Domain.Streams.Brokers;

namespace Conductor.Domain.Streams.Groups;

/// <summary>
/// Keeps the members, leases and positions of consumer groups, for brokers that keep none themselves. Every method throws
/// <see cref="StreamUnavailableException"/> when the store cannot be reached.
/// </summary>
public interface IGroupStore
{
    /// <summary>Says that a member lives, and gives it its fair share of the partitions. To be called several times per lease.</summary>
    /// <param name="group">Group.</param>
    /// <param name="partitions">How many partitions the topic has.</param>
    /// <param name="member">The member.</param>
    /// <param name="lease">How long the member and its partitions are safe without another call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the member holds now, and which of these it should hand back.</returns>
    /// <exception cref="FencedException">A member of a later run has joined.</exception>
    Task<GroupShare> HeartbeatAsync(GroupKey group, int partitions, GroupMember member, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Hands a partition back; nothing happens when it is somebody else's by now.</summary>
    Task ReleaseAsync(GroupKey group, PartitionLease lease, CancellationToken cancellationToken);

    /// <summary>Takes a member out of its group, with all that it holds.</summary>
    Task LeaveAsync(GroupKey group, string member, CancellationToken cancellationToken);

    /// <summary>Stores where a partition's next holder goes on.</summary>
    /// <exception cref="FencedException">The lease is not the partition's latest.</exception>
    Task CommitAsync(GroupKey group, PartitionLease lease, long nextOffset, CancellationToken cancellationToken);

    /// <summary>The stored positions by partition; a partition without one is left out.</summary>
    Task<IReadOnlyDictionary<int, long>> PositionsAsync(GroupKey group, CancellationToken cancellationToken);

    /// <summary>Replaces the stored positions.</summary>
    /// <exception cref="InvalidOperationException">The group has live members.</exception>
    Task MoveAsync(GroupKey group, IReadOnlyDictionary<int, long> positions, CancellationToken cancellationToken);

    /// <summary>Whether any member of the group lives.</summary>
    Task<bool> HasMembersAsync(GroupKey group, CancellationToken cancellationToken);

    /// <summary>The groups of a topic that have members or positions, by name.</summary>
    Task<IReadOnlyList<GroupSummary>> GroupsAsync(string topic, CancellationToken cancellationToken);

    /// <summary>Forgets all groups of a topic.</summary>
    Task ForgetAsync(string topic, CancellationToken cancellationToken);

    /// <summary>Forgets one group with its positions.</summary>
    Task ForgetAsync(GroupKey group, CancellationToken cancellationToken);
}

/// <summary>Keeps which topics there are, for brokers that know queues only.</summary>
public interface ITopicStore
{
    /// <summary>Adds a topic, or partitions to it; never removes partitions. Returns the topic as it is now.</summary>
    Task<TopicSpecification> EnsureAsync(TopicSpecification topic, CancellationToken cancellationToken);

    /// <summary>The topic, or null.</summary>
    Task<TopicSpecification?> FindAsync(string topic, CancellationToken cancellationToken);

    /// <summary>All of them by name.</summary>
    Task<IReadOnlyList<TopicSpecification>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Removes a topic; nothing happens when there is none. The generations of its partitions stay.</summary>
    Task RemoveAsync(string topic, CancellationToken cancellationToken);

    /// <summary>How often the queue of a partition was made; 0 when nobody counted.</summary>
    Task<int> GenerationOfAsync(string topic, int partition, CancellationToken cancellationToken);

    /// <summary>Notes that a queue is being made; nothing happens when its generation is no longer the one that was seen, for somebody else makes it.</summary>
    Task BeginGenerationAsync(string topic, int partition, int seen, CancellationToken cancellationToken);
}

/// <summary>Names a group of a topic.</summary>
/// <param name="Topic">Topic.</param>
/// <param name="Group">Group.</param>
public readonly record struct GroupKey(string Topic, string Group);

/// <summary>A member of a group.</summary>
/// <param name="Name">Unique among the live members.</param>
/// <param name="Run">Its run; members of a later run drive out those of an earlier one.</param>
public readonly record struct GroupMember(string Name, long Run);

/// <summary>A partition in a member's hands.</summary>
/// <param name="Partition">From 0.</param>
/// <param name="Epoch">Grows by one with every holder.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PartitionLease(int Partition, long Epoch);

/// <summary>What a member has.</summary>
/// <param name="Held">Its partitions.</param>
/// <param name="HandBack">Those of them that others are waiting for.</param>
public sealed record GroupShare(IReadOnlyList<PartitionLease> Held, IReadOnlySet<int> HandBack)
{
    /// <summary>
    /// Held, waited for by others and not in use here: to be released. At every heartbeat, since a release fails while the store is away, and each
    /// heartbeat renews what is held.
    /// </summary>
    /// <param name="isInUse">Whether the member still works on a partition.</param>
    public IReadOnlyList<PartitionLease> ToRelease(Func<int, bool> isInUse) =>
        [.. Held.Where(held => HandBack.Contains(held.Partition) && !isInUse(held.Partition))];
}
