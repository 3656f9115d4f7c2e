using System.Text.Json;

namespace Conductor.Domain.Workflows.Expressions;

/// <summary>Evaluates JSONPath beyond plain <c>a.b[0].c</c>: filters, wildcards, slices, recursive descent, functions.</summary>
public interface IPathQuery
{
    /// <summary>
    /// The value of <paramref name="path"/> (it begins with <c>$</c>) in <paramref name="root"/>; null when it leads nowhere or is malformed.
    /// An indefinite path (filter, wildcard, slice, union, descent) gives an array of its matches, as Jayway's JsonPath does.
    /// </summary>
    /// <param name="root">What the path begins in.</param>
    /// <param name="path">The path.</param>
    /// <param name="work">What it may do; it counts for all queries of a decision together.</param>
    /// <exception cref="Limits.ValueRefusedException">The work or the result exceeds a limit.</exception>
    JsonElement? Select(JsonElement root, string path, PathWork work);
}
