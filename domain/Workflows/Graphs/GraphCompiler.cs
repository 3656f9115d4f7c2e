using Conductor.Domain.Workflows.Definitions;

namespace Conductor.Domain.Workflows.Graphs;

/// <summary>Links the tasks of a definition.</summary>
internal sealed class GraphCompiler
{
    private readonly List<GraphNode> _nodes = [];

    public WorkflowGraph Compile(WorkflowDefinition definition, string hash)
    {
        Link(definition.Tasks, null, null, endsBranch: false);
        LinkJoins();
        var graph = new WorkflowGraph(definition, hash, _nodes);
        new FollowNeeds(graph).Compute();
        return graph;
    }

    /// <summary>Links a list of tasks that <paramref name="after"/> follows; returns its first node.</summary>
    private GraphNode? Link(IReadOnlyList<WorkflowTask> tasks, GraphNode? parent, GraphNode? after, bool endsBranch)
    {
        if (tasks.Count == 0) return null;
        var nodes = tasks.Select(task => new GraphNode(task, parent)).ToList();
        for (var i = 0; i < nodes.Count; i++)
        {
            var isLast = i == nodes.Count - 1;
            nodes[i].Next = isLast ? after : nodes[i + 1];
            nodes[i].EndsBranch = isLast && endsBranch;
            _nodes.Add(nodes[i]);
            LinkInside(nodes[i]);
        }
        return nodes[0];
    }

    private void LinkInside(GraphNode node)
    {
        if (node.Task.Type == "FORK_JOIN")
        {
            node.Branches = [.. node.Task.ForkTasks.Select(branch => Link(branch, node, null, endsBranch: true)).OfType<GraphNode>()];
        }
        else if (node.Task.Type is "SWITCH" or "DECISION")
        {
            var cases = new Dictionary<string, GraphNode?>();
            foreach (var (name, tasks) in node.Task.DecisionCases) cases[name] = Link(tasks, node, node.Next, node.EndsBranch);
            node.Cases = cases;
            node.Default = Link(node.Task.DefaultCase, node, node.Next, node.EndsBranch);
        }
    }

    private void LinkJoins()
    {
        var byName = _nodes.GroupBy(node => node.ReferenceName).ToDictionary(group => group.Key, group => group.First());
        foreach (var join in _nodes.Where(node => node.Task.Type == "JOIN"))
            foreach (var name in join.Task.JoinOn.Distinct())
                if (byName.TryGetValue(name, out var joined)) joined.JoinedBy = [.. joined.JoinedBy, join];
    }
}
