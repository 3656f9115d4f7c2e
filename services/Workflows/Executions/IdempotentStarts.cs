using Conductor.Sagas.Workflow;
using Conductor.Contracts.Workflows;
using Conductor.Postgres.Workflows;

namespace Conductor.Workflows.Executions;

/// <summary>
/// Starts executions, each idempotency key once. The key is claimed for an execution's id before that one starts: a start that was cut short
/// is carried out by the next one with the key, under the same id.
/// </summary>
internal sealed class IdempotentStarts(WorkflowCommands commands, IdempotencyKeys keys)
{
    // After so long, whoever claimed the key and did not start is not going to.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The execution that was started, or that the key stands for; <paramref name="isNew"/>: its id was made for this command.</summary>
    public async Task<CommandAnswer> AskAsync(StartWorkflow command, bool isNew, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(command.IdempotencyKey)) return await commands.AskAsync(command, isNew, cancellationToken);
        var (name, key) = (command.Name, command.IdempotencyKey);
        var owner = await keys.ClaimAsync(name, key, command.WorkflowId, cancellationToken);
        if (owner.Execution != command.WorkflowId)
        {
            if (IsRefused(owner, command.IdempotencyStrategy)) return Used(command, owner);
            if (owner.Status is null) (command, isNew) = (command with { WorkflowId = owner.Execution }, false);
            else if (command.IdempotencyStrategy == IdempotencyStrategy.ReturnExisting) return new CommandAnswer(owner.Execution);
            else if (!await keys.TakeOverAsync(name, key, owner.Execution, command.WorkflowId, cancellationToken)) return Used(command, owner);
        }
        var answer = await commands.AskAsync(command, isNew, cancellationToken);
        if (!answer.IsAccepted) await keys.ReleaseAsync(name, key, command.WorkflowId, cancellationToken);
        return answer;
    }

    /// <summary>Starts an execution with an id that was made for it; a refusal is thrown.</summary>
    /// <exception cref="Answers.ConductorException">It was refused.</exception>
    public async Task<Guid> StartAsync(StartWorkflow command, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(command, isNew: true, cancellationToken);
        return answer.IsAccepted ? answer.WorkflowId : throw WorkflowCommands.Refused(answer);
    }

    private static bool IsRefused(KeyOwner owner, IdempotencyStrategy strategy) => strategy switch
    {
        IdempotencyStrategy.ReturnExisting => false,
        _ when owner.Status is null => owner.Age < Patience,
        IdempotencyStrategy.Fail => true,
        _ => owner.Status is "RUNNING" or "PAUSED",
    };

    private static CommandAnswer Used(StartWorkflow command, KeyOwner owner) => new(
        owner.Execution, null, RefusalReason.Conflict,
        $"Workflow {command.Name} has been started with the idempotency key {command.IdempotencyKey}: {owner.Execution}"
            + (owner.Status is null ? "" : $" ({owner.Status})"));
}
