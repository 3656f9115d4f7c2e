using Conductor.Domain.Workflows.Limits;

namespace Conductor.Domain.Workflows.Expressions;

/// <summary>Where the expressions of a text begin and end, found in one pass: <c>${</c> and the brace that closes it, unless it is escaped.</summary>
internal sealed class ExpressionMarks
{
    private readonly List<(int Open, int Close)> _all;

    private ExpressionMarks(List<(int Open, int Close)> all) => _all = all;

    public static ExpressionMarks Of(string text)
    {
        var found = new List<(int Open, int Close)>();
        if (!text.Contains("${", StringComparison.Ordinal)) return new(found);
        var open = new Stack<int>();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '{') open.Push(at);
            else if (text[at] == '}' && open.TryPop(out var brace) && IsExpression(text, brace)) found.Add((brace - 1, at));
        }
        found.Sort();
        return new(found);
    }

    /// <summary>Those that lie in this part of the text and in no other one there.</summary>
    public IEnumerable<(int Open, int Close)> Between(int from, int end)
    {
        for (var i = _all.BinarySearch((from, 0)) is var found && found < 0 ? ~found : found; i < _all.Count && _all[i].Open < end; i++)
        {
            if (_all[i].Open < from) continue;
            yield return _all[i];
            from = _all[i].Close + 1;
        }
    }

    /// <summary>What is wrong with the expressions of a text; null when nothing is.</summary>
    public static string? Problem(string text)
    {
        var ends = new Stack<int>();
        foreach (var (open, close) in Of(text)._all)
        {
            while (ends.TryPeek(out var end) && end < open) ends.Pop();
            ends.Push(close);
            if (ends.Count > ValueLimits.ExpressionDepth) return $"has expressions that are nested more than {ValueLimits.ExpressionDepth} levels deep";
            if (close - open > ValueLimits.ExpressionLength) return $"has an expression of more than {ValueLimits.ExpressionLength} characters";
        }
        return null;
    }

    private static bool IsExpression(string text, int brace) => brace > 0 && text[brace - 1] == '$' && (brace < 2 || text[brace - 2] != '$');
}
