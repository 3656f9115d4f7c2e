using Conductor.Contracts.Workflows;
using Conductor.Workflows.Answers;
using Conductor.Workflows.Sagas;
using MassTransit;
using MassTransit.Mediator;

namespace Conductor.Workflows.Executions;

/// <summary>Sends commands into the saga and waits until they are committed.</summary>
internal sealed class WorkflowCommands(IMediator mediator, ExecutionMessages messages, ILogger<WorkflowCommands> logger)
{
    /// <summary>Carries a command out.</summary>
    /// <exception cref="ConductorException">It was refused.</exception>
    public async Task<WorkflowCommandAccepted> SendAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : class
    {
        var (accepted, refused) = await AskAsync(command, cancellationToken);
        return accepted ?? throw Refused(refused!);
    }

    /// <summary>Carries a command out; tells who was meant, or why it was refused.</summary>
    public async Task<(WorkflowCommandAccepted? Accepted, WorkflowCommandRejected? Refused)> AskAsync<TCommand>(
        TCommand command, CancellationToken cancellationToken)
        where TCommand : class
    {
        if (command is not TaskExecuted executed) return Of(await RequestAsync(command, cancellationToken));
        (WorkflowCommandAccepted? Accepted, WorkflowCommandRejected? Refused) answer = (new() { WorkflowId = executed.WorkflowId }, null);
        // What a worker reports has happened. Where it cannot be handled the execution is at fault, and the worker is done.
        await messages.DeliverAsync<TaskExecuted>(
            async () => answer = Of(await RequestAsync(command, cancellationToken)), executed.WorkflowId, executed.TaskId, cancellationToken);
        return answer;
    }

    /// <summary>Carries a command out, or tells why it was refused.</summary>
    public async Task<WorkflowCommandRejected?> TrySendAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : class => (await AskAsync(command, cancellationToken)).Refused;

    private static (WorkflowCommandAccepted? Accepted, WorkflowCommandRejected? Refused) Of(
        Response<WorkflowCommandAccepted, WorkflowCommandRejected> response)
    {
        if (response.Is(out Response<WorkflowCommandAccepted>? accepted)) return (accepted.Message, null);
        response.Is(out Response<WorkflowCommandRejected>? refused);
        return (null, refused!.Message);
    }

    private async Task<Response<WorkflowCommandAccepted, WorkflowCommandRejected>> RequestAsync<TCommand>(
        TCommand command, CancellationToken cancellationToken)
        where TCommand : class
    {
        var (workflowId, taskId) = Concerned(command);
        using var scope = logger.BeginExecution(workflowId, taskId);
        try
        {
            var client = mediator.CreateRequestClient<TCommand>(RequestTimeout.After(m: 1));
            return await client.GetResponse<WorkflowCommandAccepted, WorkflowCommandRejected>(command, cancellationToken);
        }
        catch (Exception e)
        {
            // For the log of whoever catches it.
            (e.Data["workflowId"], e.Data["taskId"]) = (workflowId, taskId);
            throw;
        }
    }

    /// <summary>A refusal as this API answers it.</summary>
    public static ConductorException Refused(WorkflowCommandRejected refused) => new(Error(refused));

    private static (Guid? WorkflowId, Guid? TaskId) Concerned(object command) => command switch
    {
        TaskExecuted c => (c.WorkflowId, c.TaskId),
        ExtendTaskLease c => (c.WorkflowId, c.TaskId),
        StartWorkflow c => (c.WorkflowId, null),
        PauseWorkflow c => (c.WorkflowId, null),
        ResumeWorkflow c => (c.WorkflowId, null),
        TerminateWorkflow c => (c.WorkflowId, null),
        RetryWorkflow c => (c.WorkflowId, null),
        RestartWorkflow c => (c.WorkflowId, null),
        SkipTask c => (c.WorkflowId, null),
        _ => (null, null),
    };

    private static ConductorError Error(WorkflowCommandRejected refused) => refused.Reason switch
    {
        RefusalReason.NotFound => ConductorError.NotFound(refused.Message),
        RefusalReason.Conflict => ConductorError.Conflict(refused.Message),
        _ => ConductorError.Invalid(refused.Message),
    };
}
