using Conductor.Domain.Streams.Groups;

namespace Conductor.Kafka.Consuming;

/// <summary>Numbers holders in this process alone, for groups of which there is one run at a time: Kafka itself fences members that are gone.</summary>
internal sealed class SingleRun : IGroupRuns
{
    private long _epoch;

    public Task AnnounceAsync(GroupKey group, GroupMember member, TimeSpan lease, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<PartitionLease> TakeAsync(GroupKey group, int partition, GroupMember member, CancellationToken cancellationToken) =>
        Task.FromResult(new PartitionLease(partition, Interlocked.Increment(ref _epoch)));

    public Task LeaveAsync(GroupKey group, string member, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ForgetAsync(string topic, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ForgetAsync(GroupKey group, CancellationToken cancellationToken) => Task.CompletedTask;
}
