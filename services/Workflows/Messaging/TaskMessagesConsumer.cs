using Conductor.Contracts.Workflows;
using Conductor.Workflows.Sagas;
using MassTransit;

namespace Conductor.Workflows.Messaging;

/// <summary>
/// What workers on the bus send (<see cref="WorkflowQueues.TaskMessages"/>): into the saga like what comes over HTTP. A repeated result finds its attempt
/// ended and changes nothing, so no inbox is needed.
/// </summary>
internal sealed class TaskMessagesConsumer(ExecutionMessages messages, AnnouncedWorkers workers)
    : IConsumer<TaskExecuted>, IConsumer<ExtendTaskLease>, IConsumer<WorkerAnnounced>
{
    public Task Consume(ConsumeContext<TaskExecuted> context) =>
        messages.SendAsync(context.Message, context.Message.WorkflowId, context.Message.TaskId, context.CancellationToken);

    public Task Consume(ConsumeContext<ExtendTaskLease> context) =>
        messages.SendAsync(context.Message, context.Message.WorkflowId, context.Message.TaskId, context.CancellationToken);

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
