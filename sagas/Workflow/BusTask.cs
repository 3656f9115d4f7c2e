using Conductor.Contracts;
using Conductor.Contracts.Workflows;
using Conductor.Domain.Workflows.Deciding;
using MassTransit;
using MassTransit.Logging;

namespace Conductor.Sagas.Workflow;

/// <summary>An attempt as a worker on the bus gets it. A message that waits for longer than its attempt may expires with it.</summary>
internal static class BusTask
{
    public static Task SendAsync(ConsumeContext context, WorkflowState state, TaskHandedOut handedOut, BusDelivery bus)
    {
        var task = handedOut.Task;
        var command = new ExecuteTask
        {
            WorkflowId = task.WorkflowId,
            TaskId = task.TaskId,
            TaskType = task.TaskType,
            ReferenceName = task.ReferenceName,
            WorkflowName = state.Instance!.Name,
            CorrelationId = task.CorrelationId,
            Attempt = task.Attempt,
            Input = task.Input,
            ResponseTimeout = TimeSpan.FromSeconds(task.ResponseTimeoutSeconds),
        };
        var deadline = state.NextDeadline(task);
        return context.Send(BusAddress.Of(bus.Queue), command, sent =>
        {
            sent.CorrelationId = task.WorkflowId;
            sent.TimeToLive = deadline - handedOut.At;
            // The worker's span follows the one that made the task ready: whoever hands out has none.
            if (bus.Trace is not null) sent.Headers.Set(DiagnosticHeaders.ActivityId, bus.Trace);
        });
    }
}
