using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Limits;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Answers;
using Conductor.Workflows.Definitions;

namespace Conductor.Workflows.Executions;

/// <summary>GET /api/workflow…: reading executions.</summary>
internal static class ReadEndpoints
{
    private const int MostRunning = 10_000;

    public static void MapReads(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/workflow").WithTags("Workflow");
        group.MapGet("/{id:guid}", GetAsync).WithSummary("An execution");
        group.MapGet("/{id:guid}/status", StatusAsync).WithSummary("The status of an execution");
        group.MapGet("/{id:guid}/tasks", TasksAsync).WithSummary("The tasks of an execution, in pages");
        group.MapGet("/running/{name}", RunningAsync).WithSummary("Ids of the running executions of a definition");
    }

    /// <summary>Answers with an execution.</summary>
    public static async Task<IResult> GetAsync(
        Guid id, ExecutionReads executions, TaskReads allTasks, DefinitionCatalog catalog, CancellationToken cancellationToken, bool includeTasks = true)
    {
        if (await executions.FindAsync(id, cancellationToken) is not { } execution) return NotFound(id);
        var tasks = includeTasks ? await allTasks.OfAsync(id, cancellationToken) : [];
        var graph = await catalog.GetAsync(execution.Instance.DefinitionHash, cancellationToken);
        return Answer.Written(writer => WorkflowAnswer.Write(writer, execution, JoinView.WithOutputsSoFar(tasks), graph));
    }

    public static ConductorError NotFound(Guid id) => ConductorError.NotFound($"No such workflow found by id: {id}");

    private static async Task<IResult> StatusAsync(
        Guid id, ExecutionReads executions, CancellationToken cancellationToken, bool includeOutput = false, bool includeVariables = false)
    {
        if (await executions.StatusAsync(id, includeOutput, includeVariables, cancellationToken) is not { } execution) return NotFound(id);
        return Answer.Written(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("workflowId", id);
            writer.Optional("correlationId", execution.CorrelationId);
            if (includeOutput) writer.Payload("output", execution.Output);
            if (includeVariables) writer.Payload("variables", execution.Variables);
            writer.WriteString("status", execution.Status.Name());
            writer.WriteEndObject();
        });
    }

    private static async Task<IResult> TasksAsync(
        Guid id, ExecutionReads executions, TaskReads allTasks, DefinitionCatalog catalog, CancellationToken cancellationToken,
        int start = 0, int count = 15, string? status = null)
    {
        RequestText.Check("start", start, 0, int.MaxValue);
        RequestText.Check("count", count, 0, int.MaxValue);
        RequestText.Check("status", status, TextLimits.Long);
        if (await executions.HeadAsync(id, cancellationToken) is not { } execution) return NotFound(id);
        var (total, page) = await allTasks.PageAsync(id, status?.Split(','), start, count, cancellationToken);
        var graph = await catalog.GetAsync(execution.DefinitionHash, cancellationToken);
        return Answer.Written(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("totalHits", total);
            writer.WriteStartArray("results");
            foreach (var task in page) TaskAnswer.Write(writer, task, execution.Name, graph);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static async Task<IResult> RunningAsync(
        string name, WorkflowSearch executions, CancellationToken cancellationToken, int version = 1, long startTime = 0, long endTime = 0)
    {
        var filter = new WorkflowFilter
        {
            Names = [name],
            Version = version,
            Statuses = ["RUNNING", "PAUSED"],
            OldestFirst = true,
            From = startTime > 0 ? RequestTime.Of("startTime", startTime) : null,
            To = endTime > 0 ? RequestTime.Of("endTime", endTime) : null,
        };
        return Results.Json(await executions.IdsAsync(filter, MostRunning, cancellationToken), Answer.Json);
    }
}
