using System.Text.Json;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Domain.Workflows.Expressions;

/// <summary>
/// What the JSONPath queries of one decision may do together. It counts work, not time, so that a decision ends in the same way everywhere;
/// only regular expressions have a time limit as well.
/// </summary>
/// <param name="source">What <c>$.name</c> is inside a filter: <c>workflow</c>, or the task of that reference name.</param>
public sealed class PathWork(Func<string, JsonElement?> source)
{
    private const int MostSteps = 2_000_000;
    private static readonly TimeSpan MostMatching = TimeSpan.FromMilliseconds(250);

    private long _steps;
    private long _bytes;
    private TimeSpan _matching;

    /// <summary>What <c>$.name</c> is inside a filter.</summary>
    public JsonElement? Source(string name) => source(name);

    /// <summary>So many values are looked at.</summary>
    /// <exception cref="ValueRefusedException">They are too many.</exception>
    public void Look(long values)
    {
        _steps += values;
        if (_steps > MostSteps) throw new ValueRefusedException($"The JSONPath looks at more than {MostSteps:N0} values");
    }

    /// <summary>So many bytes are found.</summary>
    /// <exception cref="ValueRefusedException">They are too many.</exception>
    public void Find(int bytes)
    {
        _bytes += bytes;
        if (_bytes > ValueLimits.DecisionBytes) throw new ValueRefusedException($"The JSONPath finds more than {ValueLimits.DecisionBytes >> 20} MB");
    }

    /// <summary>A regular expression was matched for so long.</summary>
    /// <exception cref="ValueRefusedException">All of them take too long.</exception>
    public void Match(TimeSpan time)
    {
        _matching += time;
        if (_matching >= MostMatching) throw new ValueRefusedException("The regular expressions of the JSONPath take too long");
    }
}
