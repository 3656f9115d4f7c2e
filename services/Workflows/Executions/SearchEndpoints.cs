using System.Text.Json;
using Conductor.Domain.Workflows.Limits;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Answers;

namespace Conductor.Workflows.Executions;

/// <summary>GET /api/workflow/search: executions by filter, in pages; /counts: how many there are in each status.</summary>
internal static class SearchEndpoints
{
    private const int MostPerPage = 5000;
    // To pass over rows takes time for each of them; after and before take none.
    private const int FurthestStart = 10_000;

    public static void MapSearch(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/workflow").WithTags("Workflow");
        group.MapGet("/search", SearchAsync).WithSummary("Searches executions");
        group.MapGet("/counts", CountAsync).WithSummary("How many executions there are by status, up to 10,000 of each");
    }

    private static async Task<IResult> SearchAsync(
        WorkflowSearch executions, CancellationToken cancellationToken,
        int start = 0, int size = 100, string? sort = null, string? freeText = null, string? query = null, string? after = null, string? before = null)
    {
        if (start < 0 || size is < 0 or > MostPerPage) return ConductorError.Invalid($"start must not be negative, and size must be 0 to {MostPerPage}");
        if (start > FurthestStart) return ConductorError.Invalid($"start must be {FurthestStart} at most: go on with after=, the 'next' of the answer before");
        if ((start > 0 ? 1 : 0) + (after is null ? 0 : 1) + (before is null ? 0 : 1) > 1) return ConductorError.Invalid("only one of start, after and before");
        var place = (after ?? before) is { } cursor ? SearchCursor.Read(after is null ? nameof(before) : nameof(after), cursor) : (ListPlace?)null;
        var filter = Filter(query, freeText, sort);
        var page = await executions.SearchAsync(
            filter, new PageRequest(size) { Start = start, Place = place, Before = before is not null }, cancellationToken);
        return Answer.Written(writer => Write(writer, page, isTextSearched: filter.Text is not null));
    }

    private static void Write(Utf8JsonWriter writer, FoundPage page, bool isTextSearched)
    {
        writer.WriteStartObject();
        writer.WriteNumber("totalHits", page.Total);
        if (page.IsCapped) writer.WriteBoolean("totalIsCapped", value: true);
        if (isTextSearched) writer.WriteNumber("textSearchedInNewest", WorkflowSearch.TextWindow);
        writer.Optional("next", page.Next is { } next ? SearchCursor.Write(next) : null);
        writer.Optional("previous", page.Previous is { } previous ? SearchCursor.Write(previous) : null);
        writer.WriteStartArray("results");
        foreach (var execution in page.Executions) WorkflowAnswer.WriteSummary(writer, execution);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static async Task<IResult> CountAsync(
        WorkflowSearch executions, CancellationToken cancellationToken, string? freeText = null, string? query = null)
    {
        var counts = await executions.CountAsync(Filter(query, freeText, sort: null), cancellationToken);
        return Results.Json(
            new { counts = counts.ToDictionary(c => c.Status, c => c.Count), capped = counts.Where(c => c.IsCapped).Select(c => c.Status) }, Answer.Json);
    }

    private static WorkflowFilter Filter(string? query, string? freeText, string? sort)
    {
        RequestText.Check("query", query, TextLimits.Long);
        RequestText.Check("freeText", freeText, TextLimits.Long);
        return SearchQuery.Parse(query, freeText, sort);
    }
}
