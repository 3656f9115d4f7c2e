using Conductor.Domain.Workflows.Limits;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Answers;

namespace Conductor.Workflows.Executions;

/// <summary>GET /api/workflow/search: executions by filter, in pages.</summary>
internal static class SearchEndpoints
{
    private const int MostPerPage = 5000;

    public static void MapSearch(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/workflow").WithTags("Workflow");
        group.MapGet("/search", SearchAsync).WithSummary("Searches executions");
        group.MapGet("/counts", async (WorkflowSearch executions, CancellationToken c) => Results.Json(await executions.CountAsync(c), Answer.Json))
            .WithSummary("How many executions there are by status");
    }

    private static async Task<IResult> SearchAsync(
        WorkflowSearch executions, CancellationToken cancellationToken,
        int start = 0, int size = 100, string? sort = null, string? freeText = null, string? query = null)
    {
        if (start < 0 || size is < 0 or > MostPerPage) return ConductorError.Invalid($"start must not be negative, and size must be 0 to {MostPerPage}");
        RequestText.Check("query", query, TextLimits.Long);
        RequestText.Check("freeText", freeText, TextLimits.Long);
        var (total, page) = await executions.SearchAsync(SearchQuery.Parse(query, freeText, sort), start, size, cancellationToken);
        return Answer.Written(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("totalHits", total);
            writer.WriteStartArray("results");
            foreach (var execution in page) WorkflowAnswer.WriteSummary(writer, execution);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }
}
