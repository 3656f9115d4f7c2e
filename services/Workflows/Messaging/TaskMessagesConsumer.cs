using Conductor.Contracts.Workflows;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Executions;
using MassTransit;
using MassTransit.Mediator;

namespace Conductor.Workflows.Messaging;

/// <summary>
/// What workers on the bus send (<see cref="WorkflowQueues.TaskMessages"/>): into the saga like what comes over HTTP. A repeated result finds its attempt
/// ended and changes nothing, so no inbox is needed.
/// </summary>
internal sealed class TaskMessagesConsumer(
    IMediator mediator, TaskReads tasks, AnnouncedWorkers workers, TimeProvider time, ILogger<TaskMessagesConsumer> logger)
    : IConsumer<TaskExecuted>, IConsumer<ExtendTaskLease>, IConsumer<WorkerAnnounced>
{
    public async Task Consume(ConsumeContext<TaskExecuted> context)
    {
        using var scope = logger.BeginExecution(context.Message.WorkflowId, context.Message.TaskId);
        await mediator.Send(context.Message, context.CancellationToken);
        if (context.Message.Logs is { Count: > 0 } logs) await tasks.AddLogAsync(context.Message.TaskId, logs, time.GetUtcNow(), context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<ExtendTaskLease> context)
    {
        using var scope = logger.BeginExecution(context.Message.WorkflowId, context.Message.TaskId);
        await mediator.Send(context.Message, context.CancellationToken);
    }

    public Task Consume(ConsumeContext<WorkerAnnounced> context) => workers.AnnouncedAsync(context.Message, context.CancellationToken);
}

/// <summary>Names the queue that workers know.</summary>
internal sealed class TaskMessagesConsumerDefinition : ConsumerDefinition<TaskMessagesConsumer>
{
    public TaskMessagesConsumerDefinition()
    {
        EndpointName = WorkflowQueues.TaskMessages;
        // As many as the group commit can put into one transaction.
        ConcurrentMessageLimit = 128;
    }
}
