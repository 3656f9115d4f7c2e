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
/// Hands tasks to workers on the bus as <see cref="ExecuteTask"/>: taken from the queue and put into the outbox in one transaction, and
/// never more than the workers of a type have hands free for, so that a lease does not run while its message waits. A message that waits all
/// the same expires with its attempt.
/// </summary>
internal sealed class BusDispatch(
    BusHandOut tasks, MessageOutbox outbox, AnnouncedWorkers workers, TypeLimits limits, Alarm alarm, WorkflowMetrics metrics, BackgroundLoops loops,
    TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private TaskCompletionSource _signal = NewSignal();

    /// <summary>Tasks may have come, or hands may be free.</summary>
    public void Signal() => _signal.TrySetResult();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the hand-out to workers on the bus", TurnAsync, stoppingToken);

    private async Task TurnAsync(BackgroundLoop loop, CancellationToken cancellationToken)
    {
        _signal = NewSignal();
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
        await loop.RestAsync(Task.WhenAny(_signal.Task, Task.Delay(Longest, time, cancellationToken)));
        await Task.Delay(Shortest, time, cancellationToken);
    }

    private async Task DispatchAsync(BusCapacity capacity, CancellationToken cancellationToken)
    {
        var queue = WorkerDomain.QueueOf(capacity.TaskType, capacity.Domain);
        var (now, limit) = (time.GetUtcNow(), await limits.OfAsync(capacity.TaskType, cancellationToken));
        var taken = await tasks.HandOutAsync(queue, limit, capacity.Concurrency, now, task => Message(task, capacity, now), cancellationToken);
        foreach (var task in taken) alarm.Expect(task.Deadline);
        metrics.HandedOut(taken);
    }

    private OutboxMessage Message(HandedOutTask taken, BusCapacity capacity, DateTimeOffset now)
    {
        var task = taken.Task;
        var command = new ExecuteTask
        {
            WorkflowId = task.WorkflowId,
            TaskId = task.TaskId,
            TaskType = task.TaskType,
            ReferenceName = task.ReferenceName,
            WorkflowName = taken.WorkflowName,
            CorrelationId = task.CorrelationId,
            Attempt = task.Attempt,
            Input = task.Input,
            ResponseTimeout = TimeSpan.FromSeconds(task.ResponseTimeoutSeconds),
        };
        var context = new MessageSendContext<ExecuteTask>(command)
        {
            MessageId = NewId.NextGuid(),
            TimeToLive = taken.Deadline - now,
            CorrelationId = task.WorkflowId,
            DestinationAddress = BusAddress.Of(WorkflowQueues.OfTask(capacity.TaskType, capacity.Domain)),
            Serializer = new SystemTextJsonMessageSerializer(),
            ContentType = SystemTextJsonMessageSerializer.JsonContentType,
        };
        // The worker's span follows the one that made the task ready: this loop has none.
        if (taken.Trace is not null) context.Headers.Set(DiagnosticHeaders.ActivityId, taken.Trace);
        return outbox.Capture(context);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
