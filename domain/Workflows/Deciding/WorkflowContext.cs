using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>What a decision may look at beside the state and the command.</summary>
/// <param name="Graph">The compiled snapshot of the execution.</param>
/// <param name="Data">Loaded data.</param>
/// <param name="Paths">Full JSONPath.</param>
public sealed record WorkflowContext(WorkflowGraph Graph, WorkflowData Data, IPathQuery Paths)
{
    /// <summary>Results of scripts that are at hand.</summary>
    public ScriptValues Scripts { get; init; } = new();

    /// <summary>Whether a worker of (task type, domain) has polled in the last 10 s; decides between several domains of a task. Null: nobody knows.</summary>
    public Func<string, string, bool>? IsPolled { get; init; }
}
