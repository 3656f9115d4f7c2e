using System.Text.Json;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Answers;

namespace Conductor.Workflows.Executions;

/// <summary>/api/workflow/NAME/correlated: executions, whole, by correlation id; the oldest 10,000 of all that are asked for.</summary>
internal static class CorrelatedEndpoints
{
    public static void MapCorrelated(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/workflow").WithTags("Workflow");
        group.MapGet("/{name}/correlated/{correlationId}", OneAsync).WithSummary("Executions with a correlation id");
        group.MapPost("/{name}/correlated", ManyAsync).WithSummary("Executions by correlation id");
    }

    private static async Task<IResult> OneAsync(
        string name, string correlationId, CorrelatedReads reads, CancellationToken cancellationToken, bool includeClosed = false, bool includeTasks = false)
    {
        var found = await reads.FindAsync(Filter(name, [correlationId], includeClosed), includeTasks, cancellationToken);
        return Answer.Written(writer => Write(writer, found));
    }

    private static async Task<IResult> ManyAsync(
        string name, HttpContext context, CorrelatedReads reads, bool includeClosed = false, bool includeTasks = false)
    {
        var ids = (await RequestBody.TextsAsync(context)).Distinct().ToList();
        if (ids.Count == 0) return Results.Json(new { }, Answer.Json);
        var found = (await reads.FindAsync(Filter(name, ids, includeClosed), includeTasks, context.RequestAborted))
            .ToLookup(f => f.Execution.Instance.CorrelationId);
        return Answer.Written(writer =>
        {
            writer.WriteStartObject();
            foreach (var id in ids)
            {
                writer.WritePropertyName(id);
                Write(writer, found[id]);
            }
            writer.WriteEndObject();
        });
    }

    private static WorkflowFilter Filter(string name, IReadOnlyList<string> correlationIds, bool includeClosed) => new()
    {
        Names = [name], CorrelationIds = correlationIds, Statuses = includeClosed ? [] : ["RUNNING", "PAUSED"], OldestFirst = true,
    };

    private static void Write(Utf8JsonWriter writer, IEnumerable<CorrelatedExecution> found)
    {
        writer.WriteStartArray();
        foreach (var (execution, tasks, graph) in found) WorkflowAnswer.Write(writer, execution, tasks, graph);
        writer.WriteEndArray();
    }
}
