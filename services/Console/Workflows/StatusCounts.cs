using Conductor.Console.Clients;
using Conductor.Console.Clients.Workflows;

namespace Conductor.Console.Workflows;

/// <summary>How many workflows of a filter are in each status, whatever status the filter itself names.</summary>
internal static class StatusCounts
{
    public static async Task<IReadOnlyDictionary<string, long?>> GetAsync(
        WorkflowsClient workflows, ListFilter filter, DateTimeOffset now, CancellationToken ct)
    {
        var counts = await Task.WhenAll(ListFilter.Statuses.Select(status => CountAsync(workflows, filter with { Status = status }, now, ct)));
        return ListFilter.Statuses.Zip(counts).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
    }

    private static async Task<long?> CountAsync(WorkflowsClient workflows, ListFilter filter, DateTimeOffset now, CancellationToken ct)
    {
        var page = await workflows.SearchAsync(FilterQuery.Of(filter, now), FreeText(filter), start: 0, size: 1, ct);
        return page.Value?.TotalHits;
    }

    public static string FreeText(ListFilter filter) => string.IsNullOrWhiteSpace(filter.Text) ? "*" : filter.Text;

    /// <summary>For screen readers: <c>3 running, 1 failed</c>.</summary>
    public static string Sentence(IReadOnlyDictionary<string, long?> counts) =>
        string.Join(", ", counts.Where(pair => pair.Value > 0)
            .Select(pair => $"{Components.Spans.Count(pair.Value!.Value)} {Components.StatusLook.Of(pair.Key)!.Text}"));
}
