namespace Conductor.Console.Graphs;

/// <summary>The shape that a node is drawn in.</summary>
internal enum FlowShape
{
    Start,
    End,
    Task,
    Fork,
    Join,
    Switch,
    Loop,
    LoopEnd,
}

/// <summary>One box of a graph, placed by the layout. <see cref="Reference"/> is the task that it stands for; empty for start and end.</summary>
internal sealed class FlowNode(string id, FlowShape shape, string reference, string type, string name)
{
    public string Id { get; } = id;
    public FlowShape Shape { get; } = shape;
    public string Reference { get; } = reference;
    public string Type { get; } = type;
    public string Name { get; } = name;
    public double X { get; set; }
    public double Y { get; set; }
    /// <summary>Of the end of a loop: the column that the edge back to the head runs in.</summary>
    public double BackEdgeX { get; set; }

    public double Width => Shape switch
    {
        FlowShape.Start or FlowShape.End => 64,
        FlowShape.LoopEnd => 132,
        _ => 188,
    };

    public double Height => Shape switch
    {
        FlowShape.Start or FlowShape.End or FlowShape.LoopEnd => 26,
        _ => 44,
    };

    public double CentreX => X + (Width / 2);
    public double Bottom => Y + Height;
}

/// <summary>How an edge is drawn.</summary>
internal enum FlowEdgeKind
{
    Normal,
    /// <summary>From the end of a loop's body back to its head.</summary>
    Back,
    /// <summary>From a branch that the join does not wait for.</summary>
    NotAwaited,
}

/// <summary>A connection. <see cref="Via"/> is the free column that the edge of an empty branch runs through.</summary>
internal sealed class FlowEdge(FlowNode from, FlowNode to, string label, FlowEdgeKind kind, BlankBlock? via)
{
    public FlowNode From { get; } = from;
    public FlowNode To { get; } = to;
    public string Label { get; } = label;
    public FlowEdgeKind Kind { get; } = kind;
    public BlankBlock? Via { get; } = via;
    public IReadOnlyList<FlowPoint> Points { get; set; } = [];
}

internal sealed record FlowPoint(double X, double Y);

/// <summary>A loop's frame.</summary>
internal sealed record FlowFrame(string Reference, double X, double Y, double Width, double Height);

/// <summary>A definition as nodes and edges; coordinates are zero until it is laid out.</summary>
internal sealed record Flow(Block Root, IReadOnlyList<FlowNode> Nodes, IReadOnlyList<FlowEdge> Edges)
{
    public IReadOnlyList<FlowFrame> Frames { get; init; } = [];
    public double Width { get; init; }
    public double Height { get; init; }
}
