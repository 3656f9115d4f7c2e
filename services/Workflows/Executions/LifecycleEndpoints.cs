using Conductor.Sagas.Workflow;
using System.Text.Json;
using Conductor.Contracts.Workflows;
using Conductor.Domain.Workflows.Limits;
using Conductor.Workflows.Answers;

namespace Conductor.Workflows.Executions;

/// <summary>Pausing, resuming, terminating, retrying and restarting executions, one or many.</summary>
internal static partial class LifecycleEndpoints
{
    private const int MostIds = 1000;

    public static void MapLifecycle(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/workflow").WithTags("Workflow");
        group.MapPut("/{id:guid}/pause", (Guid id, WorkflowCommands commands, CancellationToken stop) =>
            DoneAsync(commands.SendAsync(new PauseWorkflow { WorkflowId = id }, stop))).WithSummary("Pauses an execution");
        group.MapPut("/{id:guid}/resume", (Guid id, WorkflowCommands commands, CancellationToken stop) =>
            DoneAsync(commands.SendAsync(new ResumeWorkflow { WorkflowId = id }, stop))).WithSummary("Resumes a paused execution");
        group.MapDelete("/{id:guid}", (Guid id, string? reason, WorkflowCommands commands, CancellationToken stop) =>
            DoneAsync(commands.SendAsync(new TerminateWorkflow { WorkflowId = id, Reason = Reason(reason) }, stop))).WithSummary("Terminates an execution");
        group.MapPost("/{id:guid}/retry", (Guid id, WorkflowCommands commands, CancellationToken stop) =>
            DoneAsync(commands.SendAsync(new RetryWorkflow { WorkflowId = id }, stop), Results.NoContent()))
            .WithSummary("Retries the failed tasks of an ended execution");
        group.MapPost("/{id:guid}/restart", (Guid id, WorkflowCommands commands, CancellationToken stop, bool useLatestDefinitions = false) =>
            DoneAsync(commands.SendAsync(new RestartWorkflow { WorkflowId = id, UseLatestDefinition = useLatestDefinitions }, stop), Results.NoContent()))
            .WithSummary("Restarts an ended execution under its id");
        group.MapPut("/{id:guid}/skiptask/{reference}", SkipAsync).WithSummary("Marks a task that has not been reached as done");
        MapBulk(group.MapGroup("/bulk").WithTags("Workflow, many at a time"));
    }

    private static void MapBulk(IEndpointRouteBuilder bulk)
    {
        bulk.MapPut("/pause", (HttpContext context, WorkflowCommands commands) =>
            EachAsync(context, id => commands.AskAsync(new PauseWorkflow { WorkflowId = id }, context.RequestAborted)));
        bulk.MapPut("/resume", (HttpContext context, WorkflowCommands commands) =>
            EachAsync(context, id => commands.AskAsync(new ResumeWorkflow { WorkflowId = id }, context.RequestAborted)));
        bulk.MapPost("/retry", (HttpContext context, WorkflowCommands commands) =>
            EachAsync(context, id => commands.AskAsync(new RetryWorkflow { WorkflowId = id }, context.RequestAborted)));
        bulk.MapPost("/restart", (HttpContext context, WorkflowCommands commands, bool useLatestDefinitions = false) => EachAsync(
            context, id => commands.AskAsync(new RestartWorkflow { WorkflowId = id, UseLatestDefinition = useLatestDefinitions }, context.RequestAborted)));
        bulk.MapPost("/terminate", (HttpContext context, WorkflowCommands commands, string? reason) =>
            EachAsync(context, id => commands.AskAsync(new TerminateWorkflow { WorkflowId = id, Reason = Reason(reason) }, context.RequestAborted)));
    }

    private static async Task<IResult> DoneAsync(Task sent, IResult? answer = null)
    {
        await sent;
        return answer ?? Results.Ok();
    }

    private static async Task<IResult> SkipAsync(Guid id, string reference, HttpContext context, WorkflowCommands commands)
    {
        RequestText.Check("reference", reference, TextLimits.Name);
        var body = await RequestBody.ObjectAsync(context);
        await commands.SendAsync(new SkipTask
        {
            WorkflowId = id, ReferenceName = reference, Input = Payload(body, "taskInput"), Output = Payload(body, "taskOutput"),
        }, context.RequestAborted);
        return Results.Ok();
    }

    private static string? Reason(string? reason)
    {
        RequestText.Check("reason", reason, TextLimits.Reason);
        return reason;
    }

    private static JsonElement Payload(JsonElement body, string field) => !body.TryGetProperty(field, out var value) ? default
        : value.ValueKind is JsonValueKind.Object or JsonValueKind.Null ? value
        : throw new ConductorException(ConductorError.Invalid($"{field} must be a JSON object"));

    private static async Task<IResult> EachAsync(HttpContext context, Func<Guid, Task<CommandAnswer>> send)
    {
        var ids = (await RequestBody.TextsAsync(context)).Distinct().ToList();
        if (ids.Count > MostIds) return ConductorError.Invalid($"Cannot process more than {MostIds} workflows. Please use multiple requests.");
        var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(LifecycleEndpoints));
        async Task<string?> TryAsync(Guid id)
        {
            try
            {
                return (await send(id)).Message;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The others have been carried out: theirs is to be told too.
                LogFailed(logger, e, context.Request.Path, id);
                return "The server could not carry out the request; its log says why.";
            }
        }
        var outcomes = await Task.WhenAll(
            ids.Select(async id => (Id: id, Error: Guid.TryParse(id, out var guid) ? await TryAsync(guid) : $"No such workflow found by id: {id}")));
        return Results.Json(new
        {
            bulkErrorResults = outcomes.Where(o => o.Error is not null).ToDictionary(o => o.Id, o => o.Error),
            bulkSuccessfulResults = outcomes.Where(o => o.Error is null).Select(o => o.Id),
        }, Answer.Json);
    }

    [LoggerMessage(LogLevel.Error, "{Path} failed for execution {WorkflowId}")]
    private static partial void LogFailed(ILogger logger, Exception exception, PathString path, Guid workflowId);
}
