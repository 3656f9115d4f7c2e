using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Pipelines.Runtime;
using Conductor.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Conductor.Pipelines.Tests.Runtime;

public sealed class NodeRunTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromMilliseconds(80);
    private readonly GroupsInMemory _groups = new();

    [Fact]
    public async Task A_heartbeat_that_failed_is_no_error_any_more_once_one_succeeds()
    {
        _groups.Failure = new StreamUnavailableException("PostgreSQL: away");
        var node = Node(stopped => Task.Delay(Timeout.Infinite, stopped));
        using var stop = new CancellationTokenSource();
        var running = new NodeRun(node, "here", Lease, CancellationToken.None).RunAsync(stop.Token);
        await Eventually.BecomesAsync(() => node.Status.Error, error => error == "PostgreSQL: away");
        _groups.Failure = null;
        await Eventually.BecomesAsync(() => node.Status.Error, error => error is null);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task An_instance_that_takes_its_time_to_be_handed_back_does_not_keep_the_node_from_being_heard_of()
    {
        var drained = new TaskCompletionSource();
        var node = Node(_ => drained.Task);
        using var stop = new CancellationTokenSource();
        var running = new NodeRun(node, "here", Lease, CancellationToken.None).RunAsync(stop.Token);
        await Eventually.IsTrueAsync(() => _groups.Beats > 2, "the instance runs");
        _groups.HandBack.Add(0);
        var before = _groups.Beats;
        await Eventually.IsTrueAsync(() => _groups.Beats > before + 5, "the node is heard of while its instance drains");
        _groups.Released.ShouldBeEmpty();
        drained.SetResult();
        await Eventually.IsTrueAsync(() => _groups.Released.Contains(0), "it is handed back");
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task An_instance_that_could_not_be_handed_back_while_the_store_was_away_is_handed_back_later()
    {
        var node = Node(stopped => Task.Delay(Timeout.Infinite, stopped));
        using var stop = new CancellationTokenSource();
        var running = new NodeRun(node, "here", Lease, CancellationToken.None).RunAsync(stop.Token);
        await Eventually.IsTrueAsync(() => _groups.Beats > 2, "the instance runs");
        _groups.FailedReleases = 2;
        _groups.HandBack.Add(0);
        await Eventually.IsTrueAsync(() => _groups.Released.Contains(0), "it is handed back", seconds: 10);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_node_that_does_not_get_on_is_told_by_the_health_check()
    {
        var runs = new PipelineRuns();
        var node = Node(_ => throw new StreamUnavailableException("RabbitMQ: away"));
        await using var run = new PipelineRun("p", 1, [node], "here", Lease);
        runs.Add(run);
        var told = await Eventually.BecomesAsync(() => new PipelineHealth(runs).CheckHealthAsync(new()), r => r.Status == HealthStatus.Degraded);
        told.Description.ShouldBe("p/n: RabbitMQ: away");
    }

    private NodeContext Node(Func<CancellationToken, Task> open) => new()
    {
        Pipeline = "p", DeadLetterTopic = "p.dead-letters", Epoch = 1, Identity = "p.n", Sinks = [],
        Definition = new ProcessingNode("n") { Source = new TopicSource("t", "p.n"), Sinks = [] },
        Broker = new LettersInMemory(), Checkpoints = new CheckpointsInMemory(), Groups = _groups,
        OpenSourceAsync = async (_, stopped) =>
        {
            await open(stopped);
            throw new StreamUnavailableException("over");
        },
        Status = new NodeStatus(), Metrics = null!, Time = TimeProvider.System, Logger = NullLogger.Instance,
    };

    /// <summary>One partition, held by whoever asks.</summary>
    private sealed class GroupsInMemory : IGroupStore
    {
        private int _beats;

        public int Beats => Volatile.Read(ref _beats);

        public Exception? Failure { get; set; }

        public HashSet<int> HandBack { get; } = [];

        public HashSet<int> Released { get; } = [];

        /// <summary>How often it cannot be reached when something is released.</summary>
        public int FailedReleases { get; set; }

        public Task<GroupShare> HeartbeatAsync(GroupKey group, int partitions, GroupMember member, TimeSpan lease, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _beats);
            return Failure is null ? Task.FromResult(new GroupShare([new PartitionLease(0, 1)], HandBack)) : Task.FromException<GroupShare>(Failure);
        }

        public Task ReleaseAsync(GroupKey group, PartitionLease lease, CancellationToken cancellationToken)
        {
            if (FailedReleases-- > 0) return Task.FromException(new StreamUnavailableException("PostgreSQL: away"));
            Released.Add(lease.Partition);
            return Task.CompletedTask;
        }

        public Task LeaveAsync(GroupKey group, string member, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task CommitAsync(GroupKey group, PartitionLease lease, long nextOffset, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<IReadOnlyDictionary<int, long>> PositionsAsync(GroupKey group, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task MoveAsync(GroupKey group, IReadOnlyDictionary<int, long> positions, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> HasMembersAsync(GroupKey group, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<GroupSummary>> GroupsAsync(string topic, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ForgetAsync(string topic, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ForgetAsync(GroupKey group, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
