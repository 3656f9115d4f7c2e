using Conductor.Domain.Streams.Brokers;

namespace Conductor.Domain.Streams.Groups;

/// <summary>
/// Numbers the runs and the holders of groups whose members and positions the broker keeps itself. Every method throws
/// <see cref="StreamUnavailableException"/> when the store cannot be reached.
/// </summary>
public interface IGroupRuns
{
    /// <summary>Says that a member lives. To be called several times per lease.</summary>
    /// <exception cref="FencedException">A member of a later run has joined.</exception>
    Task AnnounceAsync(GroupKey group, GroupMember member, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Gives a partition to a member, under an epoch that is larger than that of every holder before.</summary>
    /// <exception cref="FencedException">It was given to a member of a later run.</exception>
    Task<PartitionLease> TakeAsync(GroupKey group, int partition, GroupMember member, CancellationToken cancellationToken);

    /// <summary>Takes a member out of its group.</summary>
    Task LeaveAsync(GroupKey group, string member, CancellationToken cancellationToken);

    /// <summary>Forgets all groups of a topic.</summary>
    Task ForgetAsync(string topic, CancellationToken cancellationToken);

    /// <summary>Forgets one group.</summary>
    Task ForgetAsync(GroupKey group, CancellationToken cancellationToken);
}
