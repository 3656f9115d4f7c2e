using System.Text.Json;
using System.Text.RegularExpressions;

namespace Conductor.Scripting.JsonPath;

/// <summary>A condition on an item.</summary>
internal abstract record FilterNode
{
    public abstract bool Holds(JsonElement item, PathQueryRun run);
}

internal sealed record AnyNode(IReadOnlyList<FilterNode> Nodes) : FilterNode
{
    public override bool Holds(JsonElement item, PathQueryRun run) => Nodes.Any(node => node.Holds(item, run));
}

internal sealed record AllNode(IReadOnlyList<FilterNode> Nodes) : FilterNode
{
    public override bool Holds(JsonElement item, PathQueryRun run) => Nodes.All(node => node.Holds(item, run));
}

internal sealed record NotNode(FilterNode Node) : FilterNode
{
    public override bool Holds(JsonElement item, PathQueryRun run) => !Node.Holds(item, run);
}

/// <summary><c>@.a</c>, <c>!@.a</c>: whether the path leads anywhere, to null too.</summary>
internal sealed record ExistsNode(ParsedPath Path, bool Should) : FilterNode
{
    public override bool Holds(JsonElement item, PathQueryRun run) => run.Exists(Path, item) == Should;
}

internal sealed record ComparisonNode(FilterValue Left, string Operator, FilterValue Right) : FilterNode
{
    public override bool Holds(JsonElement item, PathQueryRun run) => FilterOperators.Apply(Operator, Left.Operand(item, run), Right.Operand(item, run), run);
}

/// <summary>What stands beside an operator, and an argument of a function.</summary>
internal abstract record FilterValue
{
    public abstract FilterOperand Operand(JsonElement item, PathQueryRun run);
}

internal sealed record LiteralValue(JsonElement Value) : FilterValue
{
    public override FilterOperand Operand(JsonElement item, PathQueryRun run) => new(Value, null);
}

internal sealed record PatternValue(Regex Pattern) : FilterValue
{
    public override FilterOperand Operand(JsonElement item, PathQueryRun run) => new(default, Pattern);
}

internal sealed record PathValue(ParsedPath Path) : FilterValue
{
    public override FilterOperand Operand(JsonElement item, PathQueryRun run) => new(run.Value(Path, item), null);
}

/// <summary>The value beside an operator, or a regular expression.</summary>
internal sealed record FilterOperand(JsonElement Value, Regex? Pattern);
