using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>The logic of a workflow: pure, and the only place where its events come from.</summary>
public static class WorkflowDecider
{
    /// <summary>Decides a command. <paramref name="state"/> is null for <see cref="StartWorkflow"/> only.</summary>
    public static Decision Decide(WorkflowInstance? state, WorkflowCommand command, WorkflowContext context) => throw new NotSupportedException();

    /// <summary>The state after an event; throws for an event that it does not know.</summary>
    public static WorkflowInstance Evolve(WorkflowInstance? state, WorkflowEvent @event) => throw new NotSupportedException();

    /// <summary>What a command is likely to need (never less than one round's worth): load it before <see cref="Decide"/>, for a whole batch in one query.</summary>
    public static DataRequest Needs(WorkflowInstance? state, WorkflowCommand command, WorkflowGraph graph) => throw new NotSupportedException();
}
