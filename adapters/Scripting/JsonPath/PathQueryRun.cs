using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Conductor.Domain.Workflows.Expressions;

namespace Conductor.Scripting.JsonPath;

/// <summary>One query: the roots that its filters look at, and the work that it may do.</summary>
internal sealed class PathQueryRun(PathWork work)
{
    private readonly Dictionary<string, JsonElement?> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<ParsedPath, JsonElement> _ofRoot = [];

    public void Look(long values = 0) => work.Look(1 + values);

    public void Find(int bytes) => work.Find(bytes);

    public bool Matches(Regex pattern, string text)
    {
        Look(text.Length / 16);
        var started = Stopwatch.GetTimestamp();
        bool? matches = null;
        try
        {
            matches = pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            // It has taken all the time that there is.
        }
        work.Match(matches is null ? pattern.MatchTimeout : Stopwatch.GetElapsedTime(started));
        return matches == true;
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

    private JsonElement? Source(string name) => _sources.TryGetValue(name, out var known) ? known : _sources[name] = work.Source(name);
}
