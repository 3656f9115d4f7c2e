using Conductor.Contracts;
using Conductor.Contracts.Workflows;
using Conductor.Domain.Workflows.Tasks;
using Conductor.Postgres.Outbox;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Metrics;
using MassTransit;
using MassTransit.Context;
using MassTransit.Logging;
using MassTransit.Serialization;

namespace Conductor.Workflows.Messaging;

/// <summary>
/// Hands tasks to workers on the bus as <see cref="ExecuteTask"/>: taken from the queue and put into the outbox in one transaction, and
/// never more than the workers of a type can soon execute, so that a lease does not run while its message waits.
/// </summary>
internal sealed partial class BusDispatch(
    BusHandOut tasks, MessageOutbox outbox, AnnouncedWorkers workers, WorkflowMetrics metrics, TimeProvider time,
    ILogger<BusDispatch> logger) : BackgroundService
{
    // One task executes, one waits for the worker's next free hand.
    private const int PerHand = 2;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private TaskCompletionSource _signal = NewSignal();

    /// <summary>Tasks may have come, or hands may be free.</summary>
    public void Signal() => _signal.TrySetResult();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                _signal = NewSignal();
                foreach (var capacity in await workers.LiveAsync(stoppingToken)) await DispatchAsync(capacity, stoppingToken);
                await Task.WhenAny(_signal.Task, Task.Delay(Longest, time, stoppingToken));
                await Task.Delay(Shortest, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(e);
                await Task.Delay(Longest, time, stoppingToken);
            }
        }
    }

    private async Task DispatchAsync(BusCapacity capacity, CancellationToken cancellationToken)
    {
        var queue = WorkerDomain.QueueOf(capacity.TaskType, capacity.Domain);
        metrics.HandedOut(
            await tasks.HandOutAsync(queue, capacity.Concurrency * PerHand, time.GetUtcNow(), task => Message(task, capacity), cancellationToken));
    }

    private OutboxMessage Message(HandedOutTask taken, BusCapacity capacity)
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tasks could not be handed to workers on the bus; trying again")]
    private partial void LogFailed(Exception exception);
}
