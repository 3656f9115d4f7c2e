using System.Globalization;
using System.Text;

namespace Conductor.Console.Graphs;

/// <summary>A graph as text: Mermaid for documents, and a table of places for tests.</summary>
internal static class FlowText
{
    /// <summary>A Mermaid flowchart, https://mermaid.js.org/syntax/flowchart.html.</summary>
    public static string Mermaid(Flow flow, IReadOnlyDictionary<string, NodeState> states)
    {
        var text = new StringBuilder("flowchart TD\n");
        foreach (var node in flow.Nodes)
        {
            var (open, close) = Brackets(node.Shape);
            text.Append(CultureInfo.InvariantCulture, $"    {node.Id}{open}\"{Label(node, states)}\"{close}\n");
        }
        foreach (var edge in flow.Edges)
            text.Append(CultureInfo.InvariantCulture, $"    {edge.From.Id} {Arrow(edge)} {edge.To.Id}\n");
        return text.ToString();
    }

    public static string Places(Flow flow)
    {
        var text = new StringBuilder();
        foreach (var node in flow.Nodes)
            text.Append(CultureInfo.InvariantCulture,
                $"{node.Id} {node.Shape} {(node.Reference.Length > 0 ? node.Reference : node.Name)} at {node.X},{node.Y} size {node.Width}x{node.Height}\n");
        foreach (var edge in flow.Edges)
        {
            var label = edge.Label.Length > 0 ? $" [{edge.Label}]" : "";
            text.Append(CultureInfo.InvariantCulture, $"{edge.From.Id} -> {edge.To.Id} {edge.Kind}{label}:");
            foreach (var point in edge.Points)
                text.Append(CultureInfo.InvariantCulture, $" {point.X},{point.Y}");
            text.Append('\n');
        }
        return text.ToString();
    }

    private static string Label(FlowNode node, IReadOnlyDictionary<string, NodeState> states)
    {
        var label = node.Shape switch
        {
            FlowShape.Start or FlowShape.End => node.Name,
            FlowShape.LoopEnd => $"end of {node.Reference}",
            _ => $"{node.Reference}<br/>{node.Type}",
        };
        if (node.Shape != FlowShape.LoopEnd && states.TryGetValue(node.Reference, out var state))
            label += $"<br/>{state.Status}";
        return label.Replace("\"", "#quot;", StringComparison.Ordinal);
    }

    private static string Arrow(FlowEdge edge)
    {
        var arrow = edge.Kind == FlowEdgeKind.Normal ? "-->" : "-.->";
        return edge.Label.Length == 0 ? arrow : $"{arrow}|\"{edge.Label.Replace("\"", "#quot;", StringComparison.Ordinal)}\"|";
    }

    private static (string Open, string Close) Brackets(FlowShape shape) => shape switch
    {
        FlowShape.Start or FlowShape.End or FlowShape.LoopEnd => ("([", "])"),
        FlowShape.Switch => ("{", "}"),
        FlowShape.Fork or FlowShape.Join => ("[[", "]]"),
        _ => ("[", "]"),
    };
}
