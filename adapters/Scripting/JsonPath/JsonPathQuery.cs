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
    private const int MostKept = 2_000, LongestKept = 1_000;
    private ConcurrentDictionary<string, ParsedPath?> _parsed = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public JsonElement? Select(JsonElement root, string path, PathWork work)
    {
        if ((path.Length > LongestKept ? Parse(path) : Known(path)) is not { } parsed) return null;
        var walk = new PathWalk(parsed, mustFind: false, new(work));
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

    private ParsedPath? Known(string path)
    {
        if (_parsed.Count >= MostKept) _parsed = new(StringComparer.Ordinal);
        return _parsed.GetOrAdd(path, Parse);
    }

    private static ParsedPath? Parse(string path)
    {
        try
        {
            return new PathParser(path).Whole();
        }
        catch (PathFailedException)
        {
            return null;
        }
    }
}
