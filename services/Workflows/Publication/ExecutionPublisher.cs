using Conductor.Brokers.Events;
using Conductor.Contracts.Workflows;
using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows.Publication;

namespace Conductor.Workflows.Publication;

/// <summary>
/// Publishes what happens to executions on their topic, after its commit, from the history: the way of a task is no longer for it, and what a broker does
/// not take now waits in the history.
/// </summary>
internal sealed class ExecutionPublisher(
    HistoryPublication history, EventTopic<ExecutionChanged> topic, CommitSignal committed, BackgroundLoops loops, TimeProvider time) : BackgroundService
{
    private const int Most = 1_000;
    // Of what other servers have committed, and of what had to wait for the end of another transaction, nobody tells.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    // What comes one after the other goes together.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the publication of executions", TurnAsync, stoppingToken);

    private async Task TurnAsync(BackgroundLoop loop, CancellationToken cancellationToken)
    {
        while (await PublishAsync(cancellationToken)) loop.Busy();
        await loop.RestAsync(committed.WaitAsync(Longest, time, cancellationToken));
        await Task.Delay(Shortest, time, cancellationToken);
    }

    private async Task<bool> PublishAsync(CancellationToken cancellationToken)
    {
        await using var next = await history.BeginAsync(ExecutionChanged.Topic, Most, cancellationToken);
        if (next is null || next.Events.Count == 0) return false;
        await topic.ProduceAsync([.. next.Events.Select(ExecutionEvents.Of)], ExecutionEvents.IdOf, cancellationToken);
        await next.CommitAsync(cancellationToken);
        return next.Events.Count == Most;
    }
}
