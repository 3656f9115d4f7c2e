namespace Conductor.Console.Graphs;

/// <summary>
/// Edges run at right angles: down from their source, across in the free lane above their target, down into it. The edge of an
/// empty branch first moves to that branch's column.
/// </summary>
internal static class EdgeRoutes
{
    public static IReadOnlyList<FlowPoint> Route(FlowEdge edge, double rowGap, double framePadding)
    {
        if (edge.Kind == FlowEdgeKind.Back)
            return Back(edge);
        var (from, to) = (edge.From, edge.To);
        // The frame of a loop reaches above its head; the lane stays outside it.
        var lane = to.Y - (rowGap / 2) - (to.Shape == FlowShape.Loop ? framePadding : 0);
        FlowPoint start = new(from.CentreX, from.Bottom);
        FlowPoint end = new(to.CentreX, to.Y);
        if (edge.Via is not { } via)
            return Straightened([start, new(start.X, lane), new(end.X, lane), end]);
        var first = from.Bottom + (rowGap / 2);
        return Straightened([start, new(start.X, first), new(via.Axis, first), new(via.Axis, lane), new(end.X, lane), end]);
    }

    private static FlowPoint[] Back(FlowEdge edge)
    {
        var x = edge.From.BackEdgeX;
        var low = edge.From.Y + (edge.From.Height / 2);
        var high = edge.To.Y + (edge.To.Height / 2);
        return [new(edge.From.X + edge.From.Width, low), new(x, low), new(x, high), new(edge.To.X + edge.To.Width, high)];
    }

    /// <summary>Without points that repeat or lie between two others of a straight line.</summary>
    private static List<FlowPoint> Straightened(IReadOnlyList<FlowPoint> points)
    {
        var kept = new List<FlowPoint>();
        foreach (var point in points)
        {
            if (kept.Count > 0 && kept[^1] == point)
                continue;
            if (kept.Count > 1 && OnOneLine(kept[^2], kept[^1], point))
                kept.RemoveAt(kept.Count - 1);
            kept.Add(point);
        }
        return kept;
    }

    private static bool OnOneLine(FlowPoint a, FlowPoint b, FlowPoint c) =>
        (a.X.Equals(b.X) && b.X.Equals(c.X)) || (a.Y.Equals(b.Y) && b.Y.Equals(c.Y));
}
