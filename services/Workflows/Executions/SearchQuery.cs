using System.Globalization;
using System.Text.RegularExpressions;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Answers;

namespace Conductor.Workflows.Executions;

/// <summary>
/// Conductor's search language over executions: conditions joined by AND, each <c>field = value</c>, <c>field IN (a, b)</c>,
/// <c>startTime &gt; millis</c> or <c>startTime &lt; millis</c>; values may be quoted.
/// </summary>
internal static partial class SearchQuery
{
    /// <exception cref="ConductorException">It cannot be understood; the error names the place.</exception>
    public static WorkflowFilter Parse(string? query, string? freeText, string? sort)
    {
        var filter = new WorkflowFilter { Text = freeText is null or "" or "*" ? null : freeText, OldestFirst = OldestFirst(sort) };
        if (string.IsNullOrWhiteSpace(query) || query.Trim() == "*") return filter;
        foreach (var condition in And().Split(query)) filter = Add(filter, condition.Trim());
        return filter;
    }

    private static WorkflowFilter Add(WorkflowFilter filter, string condition)
    {
        var match = Condition().Match(condition);
        if (!match.Success) throw Wrong($"'{condition}' is not a condition like field=value, field IN (a, b) or startTime>millis");
        var (field, sign) = (match.Groups["field"].Value, match.Groups["sign"].Value.Trim().ToUpperInvariant());
        var values = match.Groups["value"].Value.Trim().TrimStart('(').TrimEnd(')').Split(',').Select(v => v.Trim().Trim('"', '\'')).Where(v => v.Length > 0)
            .ToList();
        return (field, sign) switch
        {
            ("workflowType", "=" or "IN") => filter with { Names = values },
            ("status", "=" or "IN") => filter with { Statuses = values },
            ("correlationId", "=" or "IN") => filter with { CorrelationIds = values },
            ("workflowId", "=" or "IN") => filter with { Ids = [.. values.Select(v => Guid.TryParse(v, out var id) ? id : Guid.Empty)] },
            ("version", "=") => filter with { Version = Version(values) },
            ("startTime", ">") => filter with { From = RequestTime.Of("query: startTime", Number(values)) },
            ("startTime", "<") => filter with { To = RequestTime.Of("query: startTime", Number(values)) },
            _ => throw Wrong($"'{condition}': {field} cannot be searched with {sign}; "
                + "there are workflowType, status, correlationId, workflowId (= and IN), version (=) and startTime (> and <)"),
        };
    }

    private static bool OldestFirst(string? sort) => sort switch
    {
        null or "" or "startTime:DESC" or "startTime" => false,
        "startTime:ASC" => true,
        _ => throw Wrong($"sort '{sort}' is not known; there are startTime:ASC and startTime:DESC"),
    };

    private static long Number(List<string> values) =>
        values is [var one] && long.TryParse(one, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong($"'{string.Join(',', values)}' is not a number");

    private static int Version(List<string> values)
    {
        var number = Number(values);
        RequestText.Check("query: version", number, 0, int.MaxValue);
        return (int)number;
    }

    private static ConductorException Wrong(string message) => new(ConductorError.Invalid("query: " + message));

    // Neither looks again at blanks that it has looked at: the time grows with the length of the text alone.
    [GeneratedRegex(@"(?<=\S)\s+AND\s+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex And();

    [GeneratedRegex(
        @"^(?<field>\w+)(?<sign>(?>\s*[=<>]\s*)|\s+IN\s*(?=\())(?<value>(?!\s*[=<>]).+)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Condition();
}
