using System.Text.Json;
using Conductor.Domain.Workflows.Executions;
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
        group.MapGet("/{name}/correlated/{correlationId}", CorrelatedAsync).WithSummary("Executions with a correlation id");
        group.MapPost("/{name}/correlated", CorrelatedManyAsync).WithSummary("Executions by correlation id");
    }

    /// <summary>Answers with an execution.</summary>
    public static async Task<IResult> GetAsync(
        Guid id, WorkflowSearch executions, TaskReads allTasks, DefinitionCatalog catalog, CancellationToken cancellationToken, bool includeTasks = true)
    {
        if (await executions.FindAsync(id, cancellationToken) is not { } execution) return NotFound(id);
        var tasks = includeTasks ? await allTasks.OfAsync(id, cancellationToken) : [];
        var graph = await catalog.GetAsync(execution.Instance.DefinitionHash, cancellationToken);
        return Answer.Written(writer => WorkflowAnswer.Write(writer, execution, JoinView.WithOutputsSoFar(tasks), graph));
    }

    public static ConductorError NotFound(Guid id) => ConductorError.NotFound($"No such workflow found by id: {id}");

    private static async Task<IResult> StatusAsync(
        Guid id, WorkflowSearch executions, CancellationToken cancellationToken, bool includeOutput = false, bool includeVariables = false)
    {
        if (await executions.FindAsync(id, cancellationToken) is not { } execution) return NotFound(id);
        return Answer.Written(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("workflowId", id);
            writer.Optional("correlationId", execution.Instance.CorrelationId);
            if (includeOutput) writer.Payload("output", execution.Output);
            if (includeVariables) writer.Payload("variables", execution.Instance.Variables);
            writer.WriteString("status", execution.Instance.Status.Name());
            writer.WriteEndObject();
        });
    }

    private static async Task<IResult> TasksAsync(
        Guid id, WorkflowSearch executions, TaskReads allTasks, DefinitionCatalog catalog, CancellationToken cancellationToken,
        int start = 0, int count = 15, string? status = null)
    {
        RequestText.Check("start", start, 0, int.MaxValue);
        RequestText.Check("count", count, 0, int.MaxValue);
        if (await executions.FindAsync(id, cancellationToken) is not { } execution) return NotFound(id);
        var all = await allTasks.OfAsync(id, cancellationToken);
        var chosen = all.Where(t => status is null || status.Split(',').Contains(t.Status.Name())).ToList();
        var graph = await catalog.GetAsync(execution.Instance.DefinitionHash, cancellationToken);
        return Answer.Written(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("totalHits", chosen.Count);
            writer.WriteStartArray("results");
            foreach (var task in chosen.Skip(start).Take(count)) TaskAnswer.Write(writer, task, execution.Instance.Name, graph);
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
        var (_, page) = await executions.SearchAsync(filter, 0, MostRunning, cancellationToken);
        return Results.Json(page.Select(e => e.Instance.WorkflowId), Answer.Json);
    }

    private static async Task<IResult> CorrelatedAsync(
        string name, string correlationId, WorkflowSearch executions, TaskReads allTasks, DefinitionCatalog catalog, CancellationToken cancellationToken,
        bool includeClosed = false, bool includeTasks = false)
    {
        var write = await FindAsync(executions, allTasks, catalog, name, correlationId, includeClosed, includeTasks, cancellationToken);
        return Answer.Written(write);
    }

    private static async Task<IResult> CorrelatedManyAsync(
        string name, HttpContext context, WorkflowSearch executions, TaskReads allTasks, DefinitionCatalog catalog,
        bool includeClosed = false, bool includeTasks = false)
    {
        var writes = new List<(string Id, Action<Utf8JsonWriter> Write)>();
        foreach (var id in (await RequestBody.TextsAsync(context)).Distinct())
            writes.Add((id, await FindAsync(executions, allTasks, catalog, name, id, includeClosed, includeTasks, context.RequestAborted)));
        return Answer.Written(writer =>
        {
            writer.WriteStartObject();
            foreach (var (id, write) in writes)
            {
                writer.WritePropertyName(id);
                write(writer);
            }
            writer.WriteEndObject();
        });
    }

    private static async Task<Action<Utf8JsonWriter>> FindAsync(
        WorkflowSearch executions, TaskReads allTasks, DefinitionCatalog catalog, string name, string correlationId, bool includeClosed, bool includeTasks,
        CancellationToken cancellationToken)
    {
        var filter = new WorkflowFilter
        {
            Names = [name], CorrelationIds = [correlationId], Statuses = includeClosed ? [] : ["RUNNING", "PAUSED"], OldestFirst = true,
        };
        var (_, page) = await executions.SearchAsync(filter, 0, MostRunning, cancellationToken);
        var found = new List<(StoredExecution Execution, IReadOnlyList<TaskRecord> Tasks, Domain.Workflows.Graphs.WorkflowGraph Graph)>();
        foreach (var execution in page)
            found.Add((execution, includeTasks ? await allTasks.OfAsync(execution.Instance.WorkflowId, cancellationToken) : [],
                await catalog.GetAsync(execution.Instance.DefinitionHash, cancellationToken)));
        return writer =>
        {
            writer.WriteStartArray();
            foreach (var (execution, tasks, graph) in found) WorkflowAnswer.Write(writer, execution, tasks, graph);
            writer.WriteEndArray();
        };
    }
}
