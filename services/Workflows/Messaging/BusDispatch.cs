using Conductor.Sagas.Workflow;
using Conductor.Contracts;
using Conductor.Contracts.Workflows;
using Conductor.Domain.Workflows.Tasks;
using Conductor.Postgres;
using Conductor.Postgres.Outbox;
using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Metrics;
using Conductor.Workflows.Tasks;
using MassTransit;
using MassTransit.Context;
using MassTransit.Logging;
using MassTransit.Serialization;

namespace Conductor.Workflows.Messaging;

/// <summary>
/// Hands tasks to workers on the bus as <see cref="ExecuteTask"/>: the hand-out and its message are one transaction. Never more than the
/// workers of a type have hands free for, so that a lease does not run while its message waits.
/// </summary>
internal sealed class BusDispatch(
    TaskQueues queues, HandOuts handOuts, AnnouncedWorkers workers, TypeLimits limits, WorkflowMetrics metrics,
    BackgroundLoops loops, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private readonly Signal _signal = new();

    /// <summary>Tasks may have come, or hands may be free.</summary>
    public void Signal() => _signal.Raise();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the hand-out to workers on the bus", TurnAsync, stoppingToken);

    private async Task TurnAsync(BackgroundLoop loop, CancellationToken cancellationToken)
    {
        List<Exception>? failures = null;
        foreach (var capacity in await workers.LiveAsync(cancellationToken))
        {
            try
            {
                await DispatchAsync(capacity, cancellationToken);
            }
            catch (Exception e) when (!DatabaseOutage.Is(e) && !cancellationToken.IsCancellationRequested)
            {
                // Workers of other types get their tasks.
                (failures ??= []).Add(e);
            }
        }
        if (failures is not null) throw new AggregateException(failures);
        await loop.RestAsync(_signal.WaitAsync(Longest, time, cancellationToken));
        await Task.Delay(Shortest, time, cancellationToken);
    }

    private async Task DispatchAsync(BusCapacity capacity, CancellationToken cancellationToken)
    {
        var name = WorkerDomain.QueueOf(capacity.TaskType, capacity.Domain);
        var queue = queues.Of(name);
        if (queue.Take(capacity.Concurrency) is not { Count: > 0 } tasks)
        {
            queues.AskedInVain(name);
            return;
        }
        var granted = 0;
        try
        {
            var request = new CountedRequest(name, await limits.OfAsync(capacity.TaskType, cancellationToken), capacity.Concurrency);
            (granted, _) = await handOuts.ClaimAsync(request, tasks, cancellationToken);
        }
        finally
        {
            foreach (var task in tasks.Skip(granted)) queues.Add(task);
        }
        await Task.WhenAll(tasks.Take(granted).Select(task => HandOutAsync(task, capacity, cancellationToken)));
    }

    private async Task HandOutAsync(QueuedTask task, BusCapacity capacity, CancellationToken cancellationToken)
    {
        try
        {
            var bus = new BusDelivery(WorkflowQueues.OfTask(capacity.TaskType, capacity.Domain), task.Trace);
            var take = new TakeTask(task.WorkflowId, task.TaskId, "bus", IsCounted: true, bus);
            if (await handOuts.HandOutAsync(take, cancellationToken) is { } handedOut) metrics.HandedOut([handedOut]);
        }
        catch
        {
            queues.Add(task);
            throw;
        }
    }
}
