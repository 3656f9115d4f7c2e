using Conductor.Domain.Workflows.Definitions;

namespace Conductor.Domain.Workflows.Graphs;

/// <summary>A definition compiled for execution. Immutable and safe to share; compile once per <see cref="Hash"/>.</summary>
public sealed class WorkflowGraph
{
    /// <summary>The snapshot that it was compiled from.</summary>
    public required WorkflowDefinition Definition { get; init; }
    /// <summary><see cref="Snapshot.Hash"/> of the definition.</summary>
    public required string Hash { get; init; }
    /// <summary>Compiles a snapshot (see <see cref="Snapshot.Embed"/>).</summary>
    public static WorkflowGraph Compile(WorkflowDefinition snapshot) => throw new NotSupportedException();
    /// <summary>As <see cref="Compile(WorkflowDefinition)"/> when the hash is known.</summary>
    public static WorkflowGraph Compile(WorkflowDefinition snapshot, string hash) => throw new NotSupportedException();
    /// <summary>The node of a reference name (without <c>__n</c>), or null.</summary>
    public GraphNode? Find(string referenceName) => throw new NotSupportedException();
}
