using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Tasks;

namespace Conductor.Domain.Workflows.Graphs;

/// <summary>One task of a compiled definition, linked to those around it.</summary>
public sealed class GraphNode
{
    internal GraphNode(WorkflowTask task, GraphNode? parent)
    {
        (Task, Parent) = (task, parent);
        TaskDefinition = task.TaskDefinition ?? new() { Name = task.Name };
        Handler = TaskHandlers.For(task.Type);
        Input = ObjectTemplate.Compile(task.InputParameters, TaskDefinition.InputTemplate);
        Needs = NodeNeeds.Of(Input);
    }

    /// <summary>The task.</summary>
    public WorkflowTask Task { get; }
    /// <summary>Reference name, unique in the definition.</summary>
    public string ReferenceName => Task.TaskReferenceName!;
    /// <summary>Its definition: embedded in the snapshot, or defaults.</summary>
    public TaskDefinition TaskDefinition { get; }
    /// <summary>The SWITCH, DECISION or FORK_JOIN around it.</summary>
    public GraphNode? Parent { get; }
    /// <summary>What follows it; null at the end of the workflow and at the end of a fork's branch.</summary>
    public GraphNode? Next { get; internal set; }
    /// <summary>True at the end of a fork's branch (also through a SWITCH in it).</summary>
    public bool EndsBranch { get; internal set; }
    /// <summary>First task per case; null for an empty case.</summary>
    public IReadOnlyDictionary<string, GraphNode?> Cases { get; internal set; } = new Dictionary<string, GraphNode?>();
    /// <summary>First task when no case matches.</summary>
    public GraphNode? Default { get; internal set; }
    /// <summary>First task of each branch of a FORK_JOIN.</summary>
    public IReadOnlyList<GraphNode> Branches { get; internal set; } = [];
    /// <summary>The JOINs that name it in their joinOn.</summary>
    public IReadOnlyList<GraphNode> JoinedBy { get; internal set; } = [];
    /// <summary>What the expressions of its input read.</summary>
    public NodeNeeds Needs { get; }
    /// <summary>What is read when it ends, up to the next tasks that wait; an over-approximation.</summary>
    public NodeNeeds FollowNeeds { get; internal set; } = NodeNeeds.None;

    /// <summary>Tasks that may begin and end at once when it ends.</summary>
    internal IReadOnlyCollection<GraphNode> FollowedAtOnce { get; set; } = [];
    internal ITaskHandler Handler { get; }
    internal ObjectTemplate Input { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Task.Type} {ReferenceName}";
}
