using System.Text;
using System.Text.Json;
using Conductor.Domain.Workflows.Limits;
using Conductor.Domain.Workflows.Tasks;
using Conductor.Postgres.Workflows;
using Conductor.ServiceDefaults.Http;
using Conductor.Workflows.Answers;
using Conductor.Workflows.Definitions;

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
        group.MapGet("/queue/polldata", (string? taskType, PollData polls, CancellationToken c) => PollDataAsync(taskType, polls, c))
            .WithSummary("Who polls a type");
        group.MapGet("/queue/polldata/all", (PollData polls, CancellationToken c) => PollDataAsync(taskType: null, polls, c)).WithSummary("Who polls what");
    }

    private static async Task<IResult> GetAsync(Guid id, TaskReads tasks, DefinitionCatalog catalog, CancellationToken cancellationToken)
    {
        if (await tasks.FindAsync(id, cancellationToken) is not { } task) return ConductorError.NotFound($"Task not found for taskId: {id}");
        return await PollEndpoints.WriteOneAsync([task], catalog, cancellationToken);
    }

    private static async Task<IResult> AddLogAsync(Guid id, HttpContext context, TaskReads tasks, TimeProvider time)
    {
        var text = Encoding.UTF8.GetString((await RequestBytes.ReadAsync(context.Request)).Span);
        await tasks.AddLogAsync(id, [TextLimits.Fitted(Line(text), TextLimits.LogLine)], time.GetUtcNow(), context.RequestAborted);
        return Results.Ok();
    }

    // SDKs send the line as it is, or as a JSON string. A line may also just begin with a quotation mark.
    private static string Line(string text)
    {
        if (text is not ['"', .., '"']) return text;
        try
        {
            return RequestJson.ReadReplacing(Encoding.UTF8.GetBytes(text)).GetString() ?? "";
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static async Task<IResult> LogAsync(Guid id, TaskReads tasks, CancellationToken cancellationToken)
    {
        var lines = await tasks.LogAsync(id, cancellationToken);
        return lines.Count == 0
            ? Results.NoContent()
            : Results.Json(lines.Select(l => new { log = l.Line, taskId = l.TaskId, createdTime = l.CreatedAt.ToUnixTimeMilliseconds() }), Answer.Json);
    }

    private static async Task<IResult> SizesAsync(TaskQueueTable waiting, CancellationToken cancellationToken) =>
        Results.Json(await waiting.SizesAsync(cancellationToken), Answer.Json);

    private static async Task<IResult> SizesOfAsync(string[] taskType, TaskQueueTable waiting, CancellationToken cancellationToken)
    {
        var sizes = await waiting.SizesAsync(cancellationToken);
        return Results.Json(taskType.Distinct().ToDictionary(t => t, t => sizes.GetValueOrDefault(t)), Answer.Json);
    }

    private static async Task<IResult> SizeAsync(string taskType, TaskQueueTable waiting, CancellationToken cancellationToken, string? domain = null) =>
        Results.Json((await waiting.SizesAsync(cancellationToken)).GetValueOrDefault(WorkerDomain.QueueOf(taskType, domain)), Answer.Json);

    private static async Task<IResult> PollDataAsync(string? taskType, PollData polls, CancellationToken cancellationToken) =>
        Results.Json((await polls.ReadAsync(taskType, cancellationToken)).Select(p => new
        {
            queueName = p.TaskType, domain = p.Domain.Length == 0 ? null : p.Domain, workerId = p.WorkerId, lastPollTime = p.PolledAt.ToUnixTimeMilliseconds(),
        }), Answer.Json);
}
