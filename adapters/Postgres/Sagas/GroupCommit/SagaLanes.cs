using Conductor.Postgres.Supervision;
using MassTransit;
using Npgsql;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>The lanes of one saga type in this process. All messages of an instance pass through the same lane, in their order.</summary>
internal sealed class SagaLanes<TSaga> : IAsyncDisposable where TSaga : class, ISaga
{
    private readonly SagaLane<TSaga>[] _lanes;

    public SagaLanes(ISagaBatchStore<TSaga> store, NpgsqlDataSource dataSource, BatchMessaging messaging, GroupCommitOptions options, BackgroundLoops loops)
    {
        Messaging = messaging;
        var commits = new SagaCommits<TSaga>(store, dataSource, messaging);
        _lanes = [.. Enumerable.Range(0, options.Lanes).Select(i =>
            new SagaLane<TSaga>(commits, options, loops, $"lane {i + 1} of {messaging.Saga}"))];
    }

    /// <summary>Set while a message of this saga runs: it would wait for its own batch if it sent another one and waited for it.</summary>
    public static AsyncLocal<bool> IsRunning { get; } = new();

    public BatchMessaging Messaging { get; }

    /// <summary>Returns after the commit of the message's batch.</summary>
    public async Task SendAsync(QueuedMessage<TSaga> message, CancellationToken cancellationToken)
    {
        if (IsRunning.Value)
            throw new InvalidOperationException(
                $"A message of {typeof(TSaga).Name} may not wait for another one; publish or send it through its context.");
        await _lanes[(uint)message.SagaId.GetHashCode() % (uint)_lanes.Length].EnqueueAsync(message, cancellationToken);
        await message.Answer;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes) await lane.DisposeAsync();
    }
}
