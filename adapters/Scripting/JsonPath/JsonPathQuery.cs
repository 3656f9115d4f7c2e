using System.Collections.Concurrent;
using System.Text.Json;
using Conductor.Domain.Workflows.Expressions;

namespace Conductor.Scripting.JsonPath;

/// <summary>
/// JSONPath as Jayway's JsonPath 2.9 answers it with suppressed exceptions, which is Conductor's: an indefinite path gives an array, a definite
/// one its value or nothing, what is malformed nothing. Work, size of the result, length and nesting of the path are bounded; regular expressions
/// are matched without backtracking.
/// </summary>
public sealed class JsonPathQuery : IPathQuery
{
    private const int MostKept = 10_000;
    private ConcurrentDictionary<string, ParsedPath?> _parsed = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public JsonElement? Select(JsonElement root, string path, Func<string, JsonElement?> source)
    {
        if (Parse(path) is not { } parsed) return null;
        var walk = new PathWalk(parsed, mustFind: false, new(source));
        try
        {
            walk.From(root, 0);
            return walk.Value();
        }
        catch (PathFailedException)
        {
            return null;
        }
    }

    private ParsedPath? Parse(string path)
    {
        var known = _parsed;
        if (known.TryGetValue(path, out var found)) return found;
        if (known.Count >= MostKept) _parsed = known = new(StringComparer.Ordinal);
        try
        {
            return known[path] = new PathParser(path).Whole();
        }
        catch (PathFailedException)
        {
            return known[path] = null;
        }
    }
}
