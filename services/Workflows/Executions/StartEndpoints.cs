using System.Text.Json;
using Conductor.Contracts.Workflows;
using Conductor.Workflows.Answers;
using Conductor.Workflows.Definitions;

namespace Conductor.Workflows.Executions;

/// <summary>POST /api/workflow…: starting executions.</summary>
internal static class StartEndpoints
{
    public static void MapStarts(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/workflow").WithTags("Workflow");
        group.MapPost("", StartAsync).WithSummary("Starts an execution from a request");
        group.MapPost("/{name}", StartByNameAsync).WithSummary("Starts an execution; the body is its input");
    }

    private static async Task<IResult> StartAsync(HttpContext context, WorkflowCommands commands, TimeProvider time)
    {
        var body = await Answer.ObjectAsync(context);
        if (Text(body, "name") is not { Length: > 0 } name)
            return ConductorError.Invalid([new ValidationError("startWorkflow.arg0.name", "Workflow name cannot be null or empty")]);
        var priority = body.TryGetProperty("priority", out var p) && p.ValueKind == JsonValueKind.Number ? p.GetInt32() : 0;
        if (CheckPriority(priority) is { } error) return error;
        if (body.TryGetProperty("workflowDef", out var inline) && inline.ValueKind == JsonValueKind.Object)
            return ConductorError.Invalid("workflowDef: an execution of a definition that is not registered is not supported; register it first");
        var command = new StartWorkflow
        {
            WorkflowId = Guid.CreateVersion7(time.GetUtcNow()),
            Name = name,
            Version = body.TryGetProperty("version", out var v) && v.ValueKind == JsonValueKind.Number ? v.GetInt32() : null,
            CorrelationId = Text(body, "correlationId"),
            Input = body.TryGetProperty("input", out var input) ? input : default,
            Priority = priority,
            TaskToDomain = body.TryGetProperty("taskToDomain", out var domains) && domains.ValueKind == JsonValueKind.Object
                ? domains.Deserialize<Dictionary<string, string>>()
                : null,
            CreatedBy = Text(body, "createdBy"),
        };
        await commands.SendAsync(command, context.RequestAborted);
        return Answer.Id(command.WorkflowId);
    }

    private static async Task<IResult> StartByNameAsync(
        string name, int? version, string? correlationId, HttpContext context, WorkflowCommands commands, DefinitionCatalog catalog, TimeProvider time,
        int priority = 0)
    {
        if (CheckPriority(priority) is { } error) return error;
        if (await catalog.FindAsync(name, version, context.RequestAborted) is null)
            return ConductorError.NotFound(
                $"No such workflow found by name: {name}, version: {version?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null"}");
        var command = new StartWorkflow
        {
            WorkflowId = Guid.CreateVersion7(time.GetUtcNow()), Name = name, Version = version, CorrelationId = correlationId, Priority = priority,
            Input = await Answer.ObjectAsync(context),
        };
        await commands.SendAsync(command, context.RequestAborted);
        return Answer.Id(command.WorkflowId);
    }

    private static ConductorError? CheckPriority(int priority) => priority switch
    {
        > 99 => ConductorError.Invalid([new ValidationError("startWorkflow.arg0.priority", $"priority: {priority} should be maximum 99", $"{priority}")]),
        < 0 => ConductorError.Invalid([new ValidationError("startWorkflow.arg0.priority", $"priority: {priority} should be minimum 0", $"{priority}")]),
        _ => null,
    };

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
