using System.Text.Json;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Answers;
using Conductor.Workflows.Definitions;
using Npgsql;

namespace Conductor.Workflows.Tasks;

/// <summary>/api/tasks: single tasks, their logs, and the queues.</summary>
internal static class TaskEndpoints
{
    public static void MapTasks(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/tasks").WithTags("Task");
        group.MapGet("/{id:guid}", GetAsync).WithSummary("A task");
        group.MapPost("/{id:guid}/log", AddLogAsync).WithSummary("Adds a line to a task's log");
        group.MapGet("/{id:guid}/log", LogAsync).WithSummary("A task's log");
        group.MapGet("/queue/all", SizesAsync).WithSummary("Waiting tasks by queue");
        group.MapGet("/queue/sizes", SizesOfAsync).WithSummary("Waiting tasks of some types");
        group.MapGet("/queue/size", SizeAsync).WithSummary("Waiting tasks of one type");
        group.MapGet("/queue/polldata", (string? taskType, NpgsqlDataSource source, CancellationToken c) => PollDataAsync(taskType, source, c)).WithSummary("Who polls a type");
        group.MapGet("/queue/polldata/all", (NpgsqlDataSource source, CancellationToken c) => PollDataAsync(taskType: null, source, c)).WithSummary("Who polls what");
    }

    private static async Task<IResult> GetAsync(Guid id, NpgsqlDataSource source, DefinitionCatalog catalog, CancellationToken cancellationToken)
    {
        if (await TaskReads.FindAsync(source, id, cancellationToken) is not { } task) return ConductorError.NotFound($"Task not found for taskId: {id}");
        return await PollEndpoints.WriteOneAsync([task], catalog, cancellationToken);
    }

    private static async Task<IResult> AddLogAsync(Guid id, HttpContext context, NpgsqlDataSource source, TimeProvider time)
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        // SDKs send the line as it is, or as a JSON string.
        var line = text.StartsWith('"') ? JsonSerializer.Deserialize<string>(text) ?? "" : text;
        await TaskReads.AddLogAsync(source, id, [line], time.GetUtcNow(), context.RequestAborted);
        return Results.Ok();
    }

    private static async Task<IResult> LogAsync(Guid id, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var lines = await TaskReads.LogAsync(source, id, cancellationToken);
        return lines.Count == 0
            ? Results.NoContent()
            : Results.Json(lines.Select(l => new { log = l.Line, taskId = l.TaskId, createdTime = l.CreatedAt.ToUnixTimeMilliseconds() }), Answer.Json);
    }

    private static async Task<IResult> SizesAsync(NpgsqlDataSource source, CancellationToken cancellationToken) => Results.Json(await TaskQueue.SizesAsync(source, cancellationToken), Answer.Json);

    private static async Task<IResult> SizesOfAsync(string[] taskType, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var sizes = await TaskQueue.SizesAsync(source, cancellationToken);
        return Results.Json(taskType.ToDictionary(t => t, t => sizes.GetValueOrDefault(t)), Answer.Json);
    }

    private static async Task<IResult> SizeAsync(string taskType, NpgsqlDataSource source, CancellationToken cancellationToken, string? domain = null) =>
        Results.Json((await TaskQueue.SizesAsync(source, cancellationToken)).GetValueOrDefault(TaskPolls.QueueOf(taskType, domain)), Answer.Json);

    private static async Task<IResult> PollDataAsync(string? taskType, NpgsqlDataSource source, CancellationToken cancellationToken) =>
        Results.Json((await PollData.ReadAsync(source, taskType, cancellationToken)).Select(p => new
        {
            queueName = p.TaskType, domain = p.Domain.Length == 0 ? null : p.Domain, workerId = p.WorkerId, lastPollTime = p.PolledAt.ToUnixTimeMilliseconds(),
        }), Answer.Json);
}
