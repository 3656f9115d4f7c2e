using Conductor.Domain.Workflows.Definitions;

namespace Conductor.Domain.Workflows.Graphs;

/// <summary>One task of a compiled definition.</summary>
public sealed class GraphNode
{
    /// <summary>The task.</summary>
    public required WorkflowTask Task { get; init; }
    /// <summary>Its definition, always present (embedded or defaults).</summary>
    public required TaskDefinition TaskDefinition { get; init; }
}
