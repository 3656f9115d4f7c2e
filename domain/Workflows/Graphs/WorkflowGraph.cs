using System.Collections.Frozen;
using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Expressions;

namespace Conductor.Domain.Workflows.Graphs;

/// <summary>A definition compiled for execution. Immutable and safe to share; compile once per <see cref="Hash"/>.</summary>
public sealed class WorkflowGraph
{
    private readonly FrozenDictionary<string, GraphNode> _nodes;

    internal WorkflowGraph(WorkflowDefinition definition, string hash, IReadOnlyList<GraphNode> nodes)
    {
        (Definition, Hash, Nodes) = (definition, hash, nodes);
        _nodes = nodes.ToFrozenDictionary(node => node.ReferenceName);
        Output = ObjectTemplate.Compile(definition.OutputParameters, FrozenDictionary<string, System.Text.Json.JsonElement>.Empty);
        OutputNeeds = NodeNeeds.Of(Output);
        FailureWorkflow = string.IsNullOrWhiteSpace(definition.FailureWorkflow) ? null : TextTemplate.Parse(definition.FailureWorkflow);
    }

    /// <summary>The snapshot that it was compiled from.</summary>
    public WorkflowDefinition Definition { get; }
    /// <summary><see cref="Snapshot.Hash"/> of the definition.</summary>
    public string Hash { get; }
    /// <summary>Every task, depth first.</summary>
    public IReadOnlyList<GraphNode> Nodes { get; }
    /// <summary>The first task.</summary>
    public GraphNode First => Nodes[0];
    /// <summary>What the output parameters read.</summary>
    public NodeNeeds OutputNeeds { get; }

    internal ObjectTemplate Output { get; }
    internal TextTemplate? FailureWorkflow { get; }

    /// <summary>Compiles a snapshot (see <see cref="Snapshot.Embed"/>) that passed <see cref="DefinitionRules"/>.</summary>
    public static WorkflowGraph Compile(WorkflowDefinition snapshot) => Compile(snapshot, Snapshot.Hash(snapshot));

    /// <summary>As <see cref="Compile(WorkflowDefinition)"/> when the hash is known.</summary>
    public static WorkflowGraph Compile(WorkflowDefinition snapshot, string hash) => new GraphCompiler().Compile(snapshot, hash);

    /// <summary>The node of a reference name (without <c>__n</c>), or null.</summary>
    public GraphNode? Find(string referenceName) => _nodes.GetValueOrDefault(referenceName);

    internal GraphNode Get(string referenceName) =>
        Find(referenceName) ?? throw new InvalidOperationException(
            $"Definition {Definition.Name} version {Definition.Version} ({Hash}) has no task {referenceName}.");
}
