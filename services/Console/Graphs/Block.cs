namespace Conductor.Console.Graphs;

/// <summary>
/// A definition is nested: sequences, splits and loops. Each block is laid out about a vertical axis of its own and takes
/// <see cref="Left"/> and <see cref="Right"/> of it, so blocks side by side never overlap.
/// </summary>
internal abstract class Block
{
    public double Left { get; set; }
    public double Right { get; set; }
    public double Height { get; set; }
}

internal sealed class NodeBlock(FlowNode node) : Block
{
    public FlowNode Node { get; } = node;
}

/// <summary>An empty branch: a free column for its edge. <see cref="Axis"/> is where it was placed.</summary>
internal sealed class BlankBlock : Block
{
    public double Axis { get; set; }
}

/// <summary>One below the other.</summary>
internal sealed class SequenceBlock(IReadOnlyList<Block> items) : Block
{
    public IReadOnlyList<Block> Items { get; } = items;
}

/// <summary>A head (fork, switch) and its branches side by side below it.</summary>
internal sealed class SplitBlock(FlowNode head, IReadOnlyList<Block> branches) : Block
{
    public FlowNode Head { get; } = head;
    public IReadOnlyList<Block> Branches { get; } = branches;
}

/// <summary>A framed body with an edge back from its end to its head.</summary>
internal sealed class LoopBlock(FlowNode head, Block body, FlowNode end) : Block
{
    public FlowNode Head { get; } = head;
    public Block Body { get; } = body;
    public FlowNode End { get; } = end;
}
