using Conductor.Contracts.Workflows;
using Conductor.Domain.Workflows.Executions;

namespace Conductor.Sagas.Workflow;

/// <summary>What came of a message: it was carried out (or changed nothing, because it had been before), or refused, and has changed nothing then.</summary>
/// <param name="WorkflowId">The execution.</param>
/// <param name="Task">The attempt that it was about, as it was before a report and as it is after a hand-out.</param>
/// <param name="Refusal">Why it was refused; null when it was not.</param>
/// <param name="Message">The refusal for people.</param>
public sealed record CommandAnswer(Guid WorkflowId, TaskRecord? Task = null, RefusalReason? Refusal = null, string? Message = null)
{
    /// <summary>It was carried out.</summary>
    public bool IsAccepted => Refusal is null;

    /// <summary>There is no such execution.</summary>
    public static CommandAnswer NoWorkflow(Guid id) => new(id, null, RefusalReason.NotFound, $"No such workflow found by id: {id}");

    /// <summary>There is no such attempt.</summary>
    public static CommandAnswer NoTask(Guid workflowId, Guid taskId) => new(workflowId, null, RefusalReason.NotFound, $"No such task found by id: {taskId}");
}
