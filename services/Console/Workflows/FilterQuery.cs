using System.Globalization;

namespace Conductor.Console.Workflows;

/// <summary>Conductor's search language: comparisons joined by AND, values in either kind of quotes, times in milliseconds.</summary>
internal static class FilterQuery
{
    public static string Of(ListFilter filter, DateTimeOffset now) => string.Join(" AND ", Terms(filter, now));

    /// <summary>Null if the filter can be asked; otherwise what is wrong with it.</summary>
    public static string? Complaint(ListFilter filter)
    {
        foreach (var (field, value) in new[] { ("name", filter.Name), ("correlation id", filter.CorrelationId), ("status", filter.Status) })
        {
            if (value is not null && value.Contains('"', StringComparison.Ordinal) && value.Contains('\'', StringComparison.Ordinal))
                return $"The {field} holds both kinds of quotes, which Conductor's search language cannot express.";
        }
        if (filter.Since is { Length: > 0 } since && !ListFilter.Ranges.ContainsKey(since))
            return $"“{since}” is not a time range; there are {string.Join(", ", ListFilter.Ranges.Keys)}.";
        return filter is { From: { } from, To: { } to } && from > to ? "The time range ends before it begins." : null;
    }

    private static IEnumerable<string> Terms(ListFilter filter, DateTimeOffset now)
    {
        if (!string.IsNullOrEmpty(filter.Name))
            yield return $"workflowType={Quoted(filter.Name)}";
        if (!string.IsNullOrEmpty(filter.Status))
            yield return $"status={Quoted(filter.Status)}";
        if (!string.IsNullOrEmpty(filter.CorrelationId))
            yield return $"correlationId={Quoted(filter.CorrelationId)}";
        if (filter.Since is { Length: > 0 } since && ListFilter.Ranges.TryGetValue(since, out var range))
            yield return $"startTime>{Milliseconds(Shared(now) - range.Span)}";
        if (filter.From is { } from)
            yield return $"startTime>{Milliseconds(Utc(from).AddMilliseconds(-1))}";
        if (filter.To is { } to)
            yield return $"startTime<{Milliseconds(Utc(to).AddMilliseconds(1))}";
    }

    private static string Quoted(string value) => value.Contains('"', StringComparison.Ordinal) ? $"'{value}'" : $"\"{value}\"";

    // All who look at the same list within ten seconds ask the same.
    private static DateTimeOffset Shared(DateTimeOffset now) => now.AddTicks(-(now.Ticks % TimeSpan.FromSeconds(10).Ticks));

    private static DateTimeOffset Utc(DateTime value) => new(DateTime.SpecifyKind(value, DateTimeKind.Utc));

    private static string Milliseconds(DateTimeOffset at) => at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
