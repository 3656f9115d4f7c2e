using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Scripting.JsonPath;

/// <summary>
/// One query: the roots that its filters look at, and the work that it may do. It counts work, not time, so that it ends in the same way
/// everywhere; only regular expressions have a time limit as well.
/// </summary>
internal sealed class PathQueryRun(Func<string, JsonElement?> source)
{
    private const int MostSteps = 2_000_000;
    private static readonly TimeSpan MostMatching = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<string, JsonElement?> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<ParsedPath, JsonElement> _ofRoot = [];
    private long _steps;
    private long _bytes;
    private TimeSpan _matching;

    /// <exception cref="ValueRefusedException">It has done too much.</exception>
    public void Work(long steps)
    {
        _steps += 1 + steps;
        if (_steps > MostSteps) throw new ValueRefusedException($"The JSONPath looks at more than {MostSteps:N0} values");
    }

    /// <exception cref="ValueRefusedException">It has made too much.</exception>
    public void Make(int bytes)
    {
        _bytes += bytes;
        if (_bytes > ValueLimits.Bytes) throw new ValueRefusedException($"The JSONPath gives more than {ValueLimits.Bytes:N0} bytes");
    }

    public bool Matches(Regex pattern, string text)
    {
        Work(text.Length / 16);
        try
        {
            var started = Stopwatch.GetTimestamp();
            var matches = pattern.IsMatch(text);
            _matching += Stopwatch.GetElapsedTime(started);
            if (_matching < MostMatching) return matches;
        }
        catch (RegexMatchTimeoutException)
        {
            // As if all of them had taken it.
        }
        throw new ValueRefusedException("The regular expressions of the JSONPath take too long");
    }

    /// <summary>The value of a path in a filter: null when a definite path leads nowhere, else an array of what it finds.</summary>
    public JsonElement Value(ParsedPath path, JsonElement item)
    {
        if (path.IsRoot && _ofRoot.TryGetValue(path, out var known)) return known;
        var walk = new PathWalk(path, mustFind: false, this);
        Walk(walk, path, item);
        var value = walk.Value() ?? JsonValues.Null;
        if (path.IsRoot) _ofRoot[path] = value;
        return value;
    }

    public bool Exists(ParsedPath path, JsonElement item)
    {
        var walk = new PathWalk(path, mustFind: true, this);
        Walk(walk, path, item);
        return !walk.IsLost && (!path.IsDefinite || walk.Found.Count > 0);
    }

    // The root of a filter's path is the whole of what expressions see, of which the first property is fetched when somebody asks.
    private void Walk(PathWalk walk, ParsedPath path, JsonElement item)
    {
        if (!path.IsRoot) walk.From(item, 0);
        else if (path.Tokens is [PropertyToken { Names: [var name] }, ..] && Source(name) is { } root) walk.After(root, 0);
        else walk.Lose();
    }

    private JsonElement? Source(string name) => _sources.TryGetValue(name, out var known) ? known : _sources[name] = source(name);
}
