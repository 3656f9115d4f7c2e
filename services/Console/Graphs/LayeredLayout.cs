namespace Conductor.Console.Graphs;

/// <summary>
/// Places blocks top down: sequences under each other, branches side by side under their head, loops in a frame. The same flow
/// always gets the same picture, and cost is linear in its size.
/// </summary>
internal static class LayeredLayout
{
    private const double Margin = 16;
    private const double RowGap = 42;
    private const double ColumnGap = 22;
    private const double BlankWidth = 64;
    private const double FramePadding = 14;
    private const double BackEdgeRoom = 26;

    public static Flow Place(Flow flow)
    {
        Measure(flow.Root);
        var frames = new List<FlowFrame>();
        Place(flow.Root, Margin + flow.Root.Left, Margin, frames);
        foreach (var edge in flow.Edges)
            edge.Points = EdgeRoutes.Route(edge, RowGap, FramePadding);
        return flow with
        {
            Frames = frames,
            Width = flow.Root.Left + flow.Root.Right + (2 * Margin),
            Height = flow.Root.Height + (2 * Margin),
        };
    }

    private static void Measure(Block block)
    {
        (block.Left, block.Right, block.Height) = block switch
        {
            NodeBlock leaf => (leaf.Node.Width / 2, leaf.Node.Width / 2, leaf.Node.Height),
            BlankBlock => (BlankWidth / 2, BlankWidth / 2, 0),
            SequenceBlock sequence => MeasureSequence(sequence),
            SplitBlock split => MeasureSplit(split),
            LoopBlock loop => MeasureLoop(loop),
            _ => throw new ArgumentException($"An unknown block: {block.GetType().Name}", nameof(block)),
        };
    }

    private static (double Left, double Right, double Height) MeasureSequence(SequenceBlock sequence)
    {
        foreach (var item in sequence.Items)
            Measure(item);
        return sequence.Items.Count == 0
            ? (0, 0, 0)
            : (sequence.Items.Max(item => item.Left), sequence.Items.Max(item => item.Right),
                sequence.Items.Sum(item => item.Height) + (RowGap * (sequence.Items.Count - 1)));
    }

    private static (double Left, double Right, double Height) MeasureSplit(SplitBlock split)
    {
        foreach (var branch in split.Branches)
            Measure(branch);
        var span = AxisSpan(split);
        var half = split.Head.Width / 2;
        var height = split.Head.Height + RowGap + split.Branches.Max(branch => branch.Height);
        return (Math.Max(half, (span / 2) + split.Branches[0].Left), Math.Max(half, (span / 2) + split.Branches[^1].Right), height);
    }

    private static (double Left, double Right, double Height) MeasureLoop(LoopBlock loop)
    {
        Measure(loop.Body);
        var half = Math.Max(loop.Head.Width / 2, loop.Body.Left);
        var right = Math.Max(loop.Head.Width / 2, loop.Body.Right);
        var rows = loop.Body.Height == 0 ? RowGap : loop.Body.Height + (2 * RowGap);
        return (half + FramePadding, right + BackEdgeRoom + FramePadding, loop.Head.Height + rows + loop.End.Height + (2 * FramePadding));
    }

    /// <summary>From the axis of the first branch to the axis of the last.</summary>
    private static double AxisSpan(SplitBlock split) =>
        split.Branches.Zip(split.Branches.Skip(1), (one, next) => one.Right + ColumnGap + next.Left).Sum();

    private static void Place(Block block, double axis, double y, List<FlowFrame> frames)
    {
        switch (block)
        {
            case NodeBlock leaf:
                Put(leaf.Node, axis, y);
                break;
            case BlankBlock blank:
                blank.Axis = axis;
                break;
            case SequenceBlock sequence:
                PlaceSequence(sequence, axis, y, frames);
                break;
            case SplitBlock split:
                PlaceSplit(split, axis, y, frames);
                break;
            case LoopBlock loop:
                PlaceLoop(loop, axis, y, frames);
                break;
        }
    }

    private static void PlaceSequence(SequenceBlock sequence, double axis, double y, List<FlowFrame> frames)
    {
        foreach (var item in sequence.Items)
        {
            Place(item, axis, y, frames);
            y += item.Height + RowGap;
        }
    }

    private static void PlaceSplit(SplitBlock split, double axis, double y, List<FlowFrame> frames)
    {
        Put(split.Head, axis, y);
        var x = axis - (AxisSpan(split) / 2);
        for (var i = 0; i < split.Branches.Count; i++)
        {
            if (i > 0)
                x += split.Branches[i - 1].Right + ColumnGap + split.Branches[i].Left;
            Place(split.Branches[i], x, y + split.Head.Height + RowGap, frames);
        }
    }

    private static void PlaceLoop(LoopBlock loop, double axis, double y, List<FlowFrame> frames)
    {
        frames.Add(new(loop.Head.Reference, axis - loop.Left, y, loop.Left + loop.Right, loop.Height));
        Put(loop.Head, axis, y + FramePadding);
        Place(loop.Body, axis, loop.Head.Bottom + RowGap, frames);
        Put(loop.End, axis, y + loop.Height - FramePadding - loop.End.Height);
        loop.End.BackEdgeX = axis + loop.Right - FramePadding;
    }

    private static void Put(FlowNode node, double axis, double y) => (node.X, node.Y) = (axis - (node.Width / 2), y);
}
