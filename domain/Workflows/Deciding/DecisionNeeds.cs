using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Foresees what a decision reads, from the graph alone.</summary>
internal static class DecisionNeeds
{
    public static DataRequest Of(WorkflowInstance? state, WorkflowCommand command, WorkflowGraph graph)
    {
        if (state is null) return DataRequest.None;
        switch (command)
        {
            case RestartExecution: return new(WorkflowInput: true, AllTasks: false, new HashSet<string>());
            case RetryExecution: return state.Status.IsTerminal() ? new(WorkflowInput: true, AllTasks: true, new HashSet<string>()) : DataRequest.None;
            case SkipAhead skip: return new(WorkflowInput: false, AllTasks: false, new HashSet<string> { skip.ReferenceName });
            case TerminateExecution: return state.Status.IsTerminal() ? DataRequest.None : Collect(state, graph, [], null, ends: true);
            case FailExecution { EvaluatesNothing: false }: return state.Status.IsTerminal() ? DataRequest.None : Collect(state, graph, [], null, ends: true);
            case ResumeExecution: return Collect(state, graph, state.Deferred.Select(graph.Find).OfType<GraphNode>(), null, ends: false);
            case CompleteTask { Status: not TaskResultStatus.InProgress, ExtendLease: false } complete:
                return OfTask(state, graph, complete.Task, complete.Status != TaskResultStatus.Completed);
            case TimeOutTask timeOut: return OfTask(state, graph, timeOut.Task, mayFail: true);
            case FireTimer { Purpose: TimerPurpose.WorkflowTimeout }: return Collect(state, graph, [], null, ends: true);
            case FireTimer { Task: { } task }: return OfTask(state, graph, task, mayFail: false);
            default: return DataRequest.None;
        }
    }

    private static DataRequest OfTask(WorkflowInstance state, WorkflowGraph graph, TaskRecord task, bool mayFail)
    {
        if (state.Status != WorkflowStatus.Running || task.Status.IsTerminal() || graph.Find(task.NodeReference) is not { } node) return DataRequest.None;
        // Most decisions: the next task of a sequence. What it reads is known since the definition was compiled.
        return !mayFail && state.Joins.IsEmpty && !graph.Output.IsEmpty
            ? new(node.FollowNeeds.WorkflowInput, AllTasks: false, node.FollowNeeds.Tasks)
            : Collect(state, graph, [node], mayFail ? node : null, ends: mayFail);
    }

    private static DataRequest Collect(WorkflowInstance state, WorkflowGraph graph, IEnumerable<GraphNode> ended, GraphNode? again, bool ends)
    {
        var needs = new List<NodeNeeds>();
        var over = new HashSet<GraphNode>();
        foreach (var node in ended) End(node, needs, over);
        if (!state.Joins.IsEmpty) Joins(state, needs, over);
        if (again is not null) needs.Add(again.Needs);
        if (ends) needs.Add(graph.OutputNeeds);
        var all = NodeNeeds.Union(needs);
        var tasks = new HashSet<string>(all.Tasks);
        if (graph.Output.IsEmpty && state.LastReference is { } last && (ends || state.OpenTasks <= 1 + state.Joins.Count)) tasks.Add(last);
        return new(all.WorkflowInput, AllTasks: false, tasks);
    }

    private static void End(GraphNode node, List<NodeNeeds> needs, HashSet<GraphNode> over)
    {
        if (!over.Add(node)) return;
        needs.Add(node.FollowNeeds);
        over.UnionWith(node.FollowedAtOnce);
    }

    /// <summary>JOINs that may come to their end, and through them others.</summary>
    private static void Joins(WorkflowInstance state, List<NodeNeeds> needs, HashSet<GraphNode> over)
    {
        for (var found = true; found;)
        {
            var ready = over.SelectMany(node => node.JoinedBy).GroupBy(join => join)
                .Where(group => !over.Contains(group.Key)
                    && state.Joins.TryGetValue(group.Key.ReferenceName, out var progress) && progress.Waiting <= group.Count())
                .Select(group => group.Key).ToList();
            foreach (var join in ready)
            {
                needs.Add(new(WorkflowInput: false, new HashSet<string>(join.Task.JoinOn) { join.ReferenceName }));
                End(join, needs, over);
            }
            found = ready.Count > 0;
        }
    }
}
