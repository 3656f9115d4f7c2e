namespace Conductor.Domain.Workflows.Graphs;

/// <summary>Computes what is read from the end of a task to the next tasks that wait for somebody.</summary>
internal sealed class FollowNeeds(WorkflowGraph graph)
{
    public void Compute()
    {
        foreach (var node in graph.Nodes)
        {
            var found = new List<NodeNeeds>();
            var visited = new HashSet<GraphNode>();
            After(node, found, visited);
            node.FollowNeeds = NodeNeeds.Union(found);
            node.FollowedAtOnce = [.. visited.Where(IsInstant)];
        }
    }

    private void After(GraphNode node, List<NodeNeeds> found, HashSet<GraphNode> visited)
    {
        if (node.Next is { } next) Schedule(next, found, visited);
        else if (!node.EndsBranch) found.Add(graph.OutputNeeds);
    }

    private void Schedule(GraphNode node, List<NodeNeeds> found, HashSet<GraphNode> visited)
    {
        if (!visited.Add(node)) return;
        found.Add(node.Needs);
        foreach (var inner in node.Branches.Concat(node.Cases.Values.Append(node.Default).OfType<GraphNode>())) Schedule(inner, found, visited);
        if (IsInstant(node)) After(node, found, visited);
    }

    private static bool IsInstant(GraphNode node) => node.Task.Type is "FORK_JOIN" or "SWITCH" or "DECISION" or "SET_VARIABLE" or "NOOP";
}
