using Conductor.Contracts.Workflows;
using Conductor.Workflows.Answers;
using MassTransit;
using MassTransit.Mediator;

namespace Conductor.Workflows.Executions;

/// <summary>Sends commands into the saga and waits until they are committed.</summary>
internal sealed class WorkflowCommands(IMediator mediator, ILogger<WorkflowCommands> logger)
{
    /// <summary>Carries a command out.</summary>
    /// <exception cref="ConductorException">It was refused.</exception>
    public async Task<WorkflowCommandAccepted> SendAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : class
    {
        var response = await RequestAsync(command, cancellationToken);
        if (response.Is(out Response<WorkflowCommandAccepted>? accepted)) return accepted.Message;
        response.Is(out Response<WorkflowCommandRejected>? refused);
        throw new ConductorException(Error(refused!.Message));
    }

    /// <summary>Carries a command out, or tells why it was refused.</summary>
    public async Task<WorkflowCommandRejected?> TrySendAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : class => (await RequestAsync(command, cancellationToken)).Is(out Response<WorkflowCommandRejected>? refused) ? refused.Message : null;

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
