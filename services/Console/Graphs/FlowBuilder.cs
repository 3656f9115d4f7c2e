using Conductor.Console.Clients.Workflows;

namespace Conductor.Console.Graphs;

/// <summary>
/// Turns a definition into blocks, nodes and edges. The branches of a dynamic fork are known only to an execution, which
/// hands them in by the fork's reference name.
/// </summary>
internal sealed class FlowBuilder
{
    private readonly List<FlowNode> _nodes = [];
    private readonly List<FlowEdge> _edges = [];
    private readonly IReadOnlyDictionary<string, IReadOnlyList<DefinitionTask>> _dynamicBranches;

    private FlowBuilder(IReadOnlyDictionary<string, IReadOnlyList<DefinitionTask>> dynamicBranches) => _dynamicBranches = dynamicBranches;

    public static Flow Build(DefinitionView definition, IReadOnlyDictionary<string, IReadOnlyList<DefinitionTask>>? dynamicBranches = null)
    {
        var builder = new FlowBuilder(dynamicBranches ?? new Dictionary<string, IReadOnlyList<DefinitionTask>>(StringComparer.Ordinal));
        var start = builder.Node(FlowShape.Start, new() { TaskReferenceName = "", Name = "start", Type = "" });
        var (body, ends) = builder.Sequence(definition.Tasks, [new(start)]);
        var end = builder.Node(FlowShape.End, new() { TaskReferenceName = "", Name = "end", Type = "" });
        builder.Connect(ends, end);
        return new(new SequenceBlock([new NodeBlock(start), .. body, new NodeBlock(end)]), builder._nodes, builder._edges);
    }

    /// <summary>An open end: where the next task's edge begins.</summary>
    private sealed record Open(FlowNode From, string Label = "", BlankBlock? Via = null, string? LastReference = null);

    private (IReadOnlyList<Block> Blocks, IReadOnlyList<Open> Ends) Sequence(IEnumerable<DefinitionTask> tasks, IReadOnlyList<Open> ends)
    {
        var blocks = new List<Block>();
        foreach (var task in tasks)
        {
            (var block, ends) = Task(task, ends);
            blocks.Add(block);
        }
        return (blocks, ends);
    }

    private (Block Block, IReadOnlyList<Open> Ends) Task(DefinitionTask task, IReadOnlyList<Open> ends) => task.Type switch
    {
        "FORK_JOIN" => Split(FlowShape.Fork, task, task.ForkTasks.Select(branch => ("", branch)), ends),
        "FORK_JOIN_DYNAMIC" => DynamicFork(task, ends),
        "SWITCH" or "DECISION" => Split(FlowShape.Switch, task, Cases(task), ends),
        "DO_WHILE" => Loop(task, ends),
        "JOIN" or "EXCLUSIVE_JOIN" => Leaf(FlowShape.Join, task, ends),
        "TERMINATE" => (Leaf(FlowShape.Task, task, ends).Block, []),
        _ => Leaf(FlowShape.Task, task, ends),
    };

    private static IEnumerable<(string Label, IReadOnlyList<DefinitionTask> Tasks)> Cases(DefinitionTask task) =>
        task.DecisionCases.Select(pair => (pair.Key, pair.Value)).Append(("default", task.DefaultCase));

    private (Block Block, IReadOnlyList<Open> Ends) Leaf(FlowShape shape, DefinitionTask task, IReadOnlyList<Open> ends)
    {
        var node = Node(shape, task);
        Connect(ends, node, shape == FlowShape.Join && task.JoinOn.Count > 0 ? task.JoinOn : null);
        return (new NodeBlock(node), [new(node, LastReference: task.TaskReferenceName)]);
    }

    private (Block Block, IReadOnlyList<Open> Ends) DynamicFork(DefinitionTask task, IReadOnlyList<Open> ends)
    {
        var branches = _dynamicBranches.GetValueOrDefault(task.TaskReferenceName) ?? [];
        return branches.Count == 0
            ? Leaf(FlowShape.Fork, task, ends)
            : Split(FlowShape.Fork, task, branches.Select(branch => ("", (IReadOnlyList<DefinitionTask>)[branch])), ends);
    }

    private (Block Block, IReadOnlyList<Open> Ends) Split(
        FlowShape shape, DefinitionTask task, IEnumerable<(string Label, IReadOnlyList<DefinitionTask> Tasks)> branches, IReadOnlyList<Open> ends)
    {
        var head = Node(shape, task);
        Connect(ends, head);
        var blocks = new List<Block>();
        var open = new List<Open>();
        foreach (var (label, tasks) in branches)
        {
            var blank = tasks.Count == 0 ? new BlankBlock() : null;
            var (items, branchEnds) = Sequence(tasks, [new(head, label, blank, task.TaskReferenceName)]);
            blocks.Add(blank ?? (Block)new SequenceBlock(items));
            open.AddRange(branchEnds);
        }
        return blocks.Count == 0 ? (new NodeBlock(head), [new(head)]) : (new SplitBlock(head, blocks), open);
    }

    private (Block Block, IReadOnlyList<Open> Ends) Loop(DefinitionTask task, IReadOnlyList<Open> ends)
    {
        var head = Node(FlowShape.Loop, task);
        Connect(ends, head);
        var (body, bodyEnds) = Sequence(task.LoopOver, [new(head)]);
        var end = Node(FlowShape.LoopEnd, task);
        Connect(bodyEnds, end);
        _edges.Add(new(end, head, "repeat", FlowEdgeKind.Back, via: null));
        return (new LoopBlock(head, new SequenceBlock(body), end), [new(end, LastReference: task.TaskReferenceName)]);
    }

    private FlowNode Node(FlowShape shape, DefinitionTask task)
    {
        var node = new FlowNode($"n{_nodes.Count}", shape, task.TaskReferenceName, task.Type, task.Name);
        _nodes.Add(node);
        return node;
    }

    private void Connect(IEnumerable<Open> ends, FlowNode to, IReadOnlyList<string>? awaited = null)
    {
        foreach (var end in ends)
        {
            var waits = awaited is null || end.LastReference is null || awaited.Contains(end.LastReference, StringComparer.Ordinal);
            _edges.Add(new(end.From, to, end.Label, waits ? FlowEdgeKind.Normal : FlowEdgeKind.NotAwaited, end.Via));
        }
    }
}
