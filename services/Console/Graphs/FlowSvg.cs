using System.Globalization;
using System.Xml.Linq;
using Conductor.Console.Components;

namespace Conductor.Console.Graphs;

/// <summary>
/// Draws a flow as inline SVG. Every node is a link, so that the keyboard reaches it; its accessible name tells what its colour
/// and icon show.
/// </summary>
internal sealed class FlowSvg(Flow flow, IReadOnlyDictionary<string, NodeState> states, string title, string? selected, Func<string, string> link)
{
    private const string Repeat = "repeat?";

    public string Render()
    {
        var tasks = flow.Nodes.Count(node => node.Shape is not (FlowShape.Start or FlowShape.End or FlowShape.LoopEnd));
        return new XElement("svg",
            new XAttribute("class", "flow"), new XAttribute("role", "group"), new XAttribute("aria-labelledby", "flow-title flow-desc"),
            new XAttribute("width", Number(flow.Width)), new XAttribute("height", Number(flow.Height)),
            new XAttribute("viewBox", $"0 0 {Number(flow.Width)} {Number(flow.Height)}"),
            new XElement("title", new XAttribute("id", "flow-title"), title),
            new XElement("desc", new XAttribute("id", "flow-desc"),
                $"A graph of {tasks} tasks from top to bottom; each is a link to its details, and the table of tasks holds the same facts."),
            Marker("arrow"), Marker("arrow-taken"),
            flow.Frames.Select(Frame), flow.Edges.OrderBy(IsTaken).Select(Edge), flow.Nodes.Select(Node)).ToString(SaveOptions.DisableFormatting);
    }

    private static XElement Marker(string id) =>
        new("marker", new XAttribute("id", id), new XAttribute("viewBox", "0 0 8 8"), new XAttribute("refX", 7), new XAttribute("refY", 4),
            new XAttribute("markerWidth", 7), new XAttribute("markerHeight", 7), new XAttribute("orient", "auto"),
            new XElement("path", new XAttribute("d", "M0 0 8 4 0 8z"), new XAttribute("class", id)));

    private static XElement Frame(FlowFrame frame) =>
        new("rect", new XAttribute("class", "frame"), new XAttribute("x", Number(frame.X)), new XAttribute("y", Number(frame.Y)),
            new XAttribute("width", Number(frame.Width)), new XAttribute("height", Number(frame.Height)), new XAttribute("rx", 10));

    private IEnumerable<XElement> Edge(FlowEdge edge)
    {
        var taken = IsTaken(edge);
        var kind = (edge.Kind, taken) switch
        {
            (FlowEdgeKind.Back, _) => "edge back",
            (FlowEdgeKind.NotAwaited, _) => "edge not-awaited",
            (_, true) => "edge taken",
            _ => "edge",
        };
        yield return new XElement("path", new XAttribute("class", kind), new XAttribute("d", FlowPath.Rounded(edge.Points)),
            new XAttribute("marker-end", taken && edge.Kind == FlowEdgeKind.Normal ? "url(#arrow-taken)" : "url(#arrow)"));
        if (edge.Label.Length > 0 && edge.Kind != FlowEdgeKind.Back)
            yield return Label(edge);
    }

    /// <summary>Beside the branch that it leads to, where the branches have parted.</summary>
    private static XElement Label(FlowEdge edge) =>
        new("text", new XAttribute("class", "case"), new XAttribute("x", Number((edge.Via?.Axis ?? edge.To.CentreX) + 6)),
            new XAttribute("y", Number(edge.From.Bottom + 33)), Cut(edge.Label, 14));

    private bool IsTaken(FlowEdge edge) => Reached(edge.From) && Reached(edge.To) && (edge.Via is null || IsSelectedCase(edge));

    private bool IsSelectedCase(FlowEdge edge) =>
        states.TryGetValue(edge.From.Reference, out var state) && SwitchCase.Selected(state.Latest) is { } selectedCase
        && (selectedCase == edge.Label || (edge.Label == "default" && !flow.Edges.Any(other => other.From == edge.From && other.Label == selectedCase)));

    private bool Reached(FlowNode node) => node.Shape switch
    {
        FlowShape.Start => states.Count > 0,
        FlowShape.End => states.Count > 0 && flow.Edges.Any(edge => edge.To == node && IsCompleted(edge.From)),
        FlowShape.LoopEnd => states.TryGetValue(node.Reference, out var loop) && loop.Status.StartsWith("COMPLETED", StringComparison.Ordinal),
        _ => states.ContainsKey(node.Reference),
    };

    private bool IsCompleted(FlowNode node) =>
        states.TryGetValue(node.Reference, out var state) && state.Status is "COMPLETED" or "COMPLETED_WITH_ERRORS" or "SKIPPED";

    private XElement Node(FlowNode node)
    {
        if (node.Shape is FlowShape.Start or FlowShape.End)
            return new("g", new XAttribute("class", "node terminal"), Box(node, 13), Text(node.CentreX, node.Y + 17, "label", node.Name, "middle"));
        var state = states.GetValueOrDefault(node.Reference);
        var look = node.Shape == FlowShape.LoopEnd ? null : StatusLook.Of(state?.Status);
        return new("a", new XAttribute("href", link(node.Reference)), new XAttribute("class", Classes(node, look)),
            new XAttribute("aria-label", Name(node, state)),
            node.Reference == selected ? new XAttribute("aria-current", "true") : null,
            new XElement("title", Name(node, state)),
            Box(node, node.Shape is FlowShape.Fork or FlowShape.Join ? 3 : node.Shape is FlowShape.Switch or FlowShape.LoopEnd ? 13 : 7),
            node.Shape == FlowShape.LoopEnd ? Text(node.CentreX, node.Y + 17, "sub", Repeat, "middle") : Inside(node, state, look));
    }

    private string Classes(FlowNode node, StatusLook? look) =>
        $"node {node.Shape.ToString().ToLowerInvariant()} {look?.Css ?? (states.Count > 0 ? "unreached" : "plain")}"
        + (node.Reference == selected ? " selected" : "");

    private static IEnumerable<object> Inside(FlowNode node, NodeState? state, StatusLook? look)
    {
        var left = node.X + (look is null ? 12 : 30);
        if (look is not null)
        {
            var place = new XAttribute("transform", $"translate({Number(node.X + 9)} {Number(node.Y + 15)})");
            yield return new XElement("path", new XAttribute("class", "icon"), new XAttribute("d", look.Icon), place);
        }
        yield return Text(left, node.Y + 19, "label", Label(node, look), "start");
        // What reads the page hears two words.
        yield return " ";
        yield return Text(left, node.Y + 34, "sub", Cut(node.Type, 22) + Rounds(state), "start");
    }

    private static string Rounds(NodeState? state) =>
        (state is { Attempts: > 1 } ? string.Create(CultureInfo.InvariantCulture, $", attempt {state.Attempts}") : "")
        + (state is { Iterations: > 1 } ? string.Create(CultureInfo.InvariantCulture, $", round {state.Iterations}") : "");

    private static string Label(FlowNode node, StatusLook? look) => Cut(node.Reference, look is null ? 25 : 22);

    // It begins with what is to be seen (WCAG 2.2, 2.5.3), so that who speaks to the page can say that.
    private static string Name(FlowNode node, NodeState? state)
    {
        if (node.Shape == FlowShape.LoopEnd) return $"{Repeat} End of loop {node.Reference}";
        var look = StatusLook.Of(state?.Status);
        var (label, type) = (Label(node, look), Cut(node.Type, 22));
        var whole = (label == node.Reference ? "" : $", {node.Reference}") + (type == node.Type ? "" : $", {node.Type}");
        return $"{label}, {type}{Rounds(state)}{whole}{(look is null ? "" : $", {look.Text}")}";
    }

    private static XElement Box(FlowNode node, double radius) =>
        new("rect", new XAttribute("x", Number(node.X)), new XAttribute("y", Number(node.Y)),
            new XAttribute("width", Number(node.Width)), new XAttribute("height", Number(node.Height)), new XAttribute("rx", Number(radius)));

    private static XElement Text(double x, double y, string css, string text, string anchor) =>
        new("text", new XAttribute("class", css), new XAttribute("x", Number(x)), new XAttribute("y", Number(y)), new XAttribute("text-anchor", anchor), text);

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
