using Conductor.Sagas.Workflow;
using Conductor.Contracts.Workflows;
using Conductor.Workflows.Answers;
using Conductor.Workflows.Sagas;
using MassTransit;

namespace Conductor.Workflows.Executions;

/// <summary>Carries commands out, and waits until they are committed.</summary>
internal sealed class WorkflowCommands(WorkflowEvents events, ExecutionMessages messages, ILogger<WorkflowCommands> logger)
{
    /// <summary>Carries a command out.</summary>
    /// <exception cref="ConductorException">It was refused.</exception>
    public async Task<CommandAnswer> SendAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : class
    {
        var answer = await AskAsync(command, cancellationToken);
        return answer.IsAccepted ? answer : throw Refused(answer);
    }

    /// <summary>Carries a command out; tells who was meant, or why it was refused.</summary>
    public Task<CommandAnswer> AskAsync<TCommand>(TCommand command, CancellationToken cancellationToken)
        where TCommand : class => AskAsync(command, isNew: false, cancellationToken);

    /// <summary>The same; <paramref name="isNew"/>: the id of the execution was made for this command.</summary>
    public async Task<CommandAnswer> AskAsync<TCommand>(TCommand command, bool isNew, CancellationToken cancellationToken)
        where TCommand : class
    {
        var (workflowId, taskId) = Concerned(command);
        CommandAnswer Answer(WorkflowState? state) => WorkflowEvents.Answer(command, workflowId, state);
        // What a worker reports has happened. Where it cannot be handled the execution is at fault, and the worker is done.
        if (command is TaskExecuted) return await messages.AskAsync(command, workflowId, taskId, Answer, cancellationToken) ?? new(workflowId);
        using var scope = logger.BeginExecution(workflowId, taskId);
        try
        {
            return await events.RaiseAsync(workflowId, command, Answer, isNew, cancellationToken);
        }
        catch (Exception e)
        {
            // For the log of whoever catches it.
            (e.Data["workflowId"], e.Data["taskId"]) = (workflowId, taskId);
            throw;
        }
    }

    /// <summary>A refusal as this API answers it.</summary>
    public static ConductorException Refused(CommandAnswer refused) => new(Error(refused));

    private static (Guid WorkflowId, Guid? TaskId) Concerned(object command) => command switch
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
        _ => throw new NotSupportedException($"{command.GetType().Name} is no command of an execution"),
    };

    private static ConductorError Error(CommandAnswer refused) => refused.Refusal switch
    {
        RefusalReason.NotFound => ConductorError.NotFound(refused.Message!),
        RefusalReason.Conflict => ConductorError.Conflict(refused.Message!),
        _ => ConductorError.Invalid(refused.Message!),
    };
}
