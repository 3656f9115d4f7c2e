using Conductor.Contracts.Workflows;
using Conductor.Workflows.Answers;
using Conductor.Workflows.Definitions;
using Microsoft.AspNetCore.Mvc;

namespace Conductor.Workflows.Executions;

/// <summary>POST /api/workflow…: starting executions.</summary>
internal static class StartEndpoints
{
    public static void MapStarts(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/workflow").WithTags("Workflow");
        group.MapPost("", StartAsync).WithSummary("Starts an execution from a request");
        group.MapPost("/{name}", StartByNameAsync).WithSummary("Starts an execution; the body is its input");
        // Not a definition by that name: Conductor's clients ask here for a dry run.
        group.MapPost("/test", () => new ConductorError(StatusCodes.Status501NotImplemented,
            "Testing a workflow with mocked tasks is not supported by this server; POST /api/workflow starts a definition named test."))
            .WithSummary("Tests a workflow with mocked tasks; not supported");
    }

    private static async Task<IResult> StartAsync(
        HttpContext context, IdempotentStarts starts, RegistrationRules rules, DefinitionCatalog catalog, TimeProvider time)
    {
        var request = (await RequestBody.ReadAsync<StartWorkflowRequest>(context)).Checked();
        var command = new StartWorkflow
        {
            WorkflowId = Guid.CreateVersion7(time.GetUtcNow()),
            Name = request.Name!,
            Version = request.Version,
            CorrelationId = request.CorrelationId,
            Input = request.Input,
            Priority = request.Priority,
            TaskToDomain = request.TaskToDomain,
            CreatedBy = request.CreatedBy,
            IdempotencyKey = request.IdempotencyKey,
            IdempotencyStrategy = request.Strategy(),
            DefinitionHash = await SnapshotAsync(request, rules, catalog, context.RequestAborted),
        };
        return Answer.Id(await starts.StartAsync(command, context.RequestAborted));
    }

    /// <summary>Keeps the definition that came with the request, and is registered nowhere.</summary>
    private static async Task<string?> SnapshotAsync(
        StartWorkflowRequest request, RegistrationRules rules, DefinitionCatalog catalog, CancellationToken cancellationToken)
    {
        if (request.Definition() is not { } inline) return null;
        if (await rules.CheckAsync(inline) is { Count: > 0 } errors)
            throw new ConductorException(ConductorError.Invalid(StartWorkflowRequest.At + "workflowDef", errors));
        return (await catalog.SnapshotAsync(inline, cancellationToken)).Hash;
    }

    private static async Task<IResult> StartByNameAsync(
        string name, int? version, string? correlationId, HttpContext context, IdempotentStarts starts, DefinitionCatalog catalog, TimeProvider time,
        [FromHeader(Name = "X-Idempotency-key")] string? idempotencyKey, [FromHeader(Name = "X-on-conflict")] string? onConflict, int priority = 0)
    {
        var request = new StartWorkflowRequest
        {
            Name = name, Version = version, CorrelationId = correlationId, Priority = priority, IdempotencyKey = idempotencyKey,
            IdempotencyStrategy = onConflict,
        }.Checked();
        if (await catalog.FindAsync(name, version, context.RequestAborted) is null)
            return ConductorError.NotFound(
                $"No such workflow found by name: {name}, version: {version?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null"}");
        var command = new StartWorkflow
        {
            WorkflowId = Guid.CreateVersion7(time.GetUtcNow()), Name = name, Version = version, CorrelationId = request.CorrelationId,
            Priority = request.Priority, Input = await RequestBody.ObjectAsync(context), IdempotencyKey = request.IdempotencyKey,
            IdempotencyStrategy = request.Strategy(),
        };
        return Answer.Id(await starts.StartAsync(command, context.RequestAborted));
    }
}
