using Conductor.Console.Clients;
using Conductor.Console.Clients.Workflows;
using Conductor.Console.Components;

namespace Conductor.Console.Workflows;

/// <summary>How many workflows of a filter are in each status, whatever status the filter itself names; nothing where the service did not say.</summary>
internal sealed class StatusCounts(StatusTotals? totals)
{
    public static readonly StatusCounts Unknown = new(totals: null);

    public static async Task<StatusCounts> GetAsync(WorkflowsClient workflows, ListFilter filter, DateTimeOffset now, CancellationToken ct)
    {
        var found = await workflows.CountAsync(FilterQuery.Of(filter with { Status = null }, now), FreeText(filter), ct);
        return new(found.Value);
    }

    public Total? All => totals is null ? null : new(totals.Counts.Values.Sum(), totals.Capped.Count > 0);

    public Total? Of(string status) =>
        totals is null ? null : new(totals.Counts.GetValueOrDefault(status), totals.Capped.Contains(status, StringComparer.Ordinal));

    public static string FreeText(ListFilter filter) => string.IsNullOrWhiteSpace(filter.Text) ? "*" : filter.Text;

    /// <summary>For screen readers: <c>3 running, 1 failed</c>.</summary>
    public string Sentence =>
        string.Join(", ", ListFilter.Statuses.Select(status => (Total: Of(status), Status: status)).Where(pair => pair.Total is { Value: > 0 })
            .Select(pair => $"{pair.Total} {StatusLook.Of(pair.Status)!.Text}"));
}
