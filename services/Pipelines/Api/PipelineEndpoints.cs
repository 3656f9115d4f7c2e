using Conductor.Contracts.Pipelines;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Pipelines.Definitions;
using Conductor.Pipelines.Provisioning;
using Conductor.Postgres.Pipelines;
using Conductor.ServiceDefaults.Changes;
using MassTransit;

namespace Conductor.Pipelines.Api;

/// <summary>The REST interface, below <c>/api/pipelines</c>.</summary>
internal static class PipelineEndpoints
{
    private const int LargestPage = 500;

    public static void MapPipelines(this WebApplication app)
    {
        var api = app.MapGroup("/api/pipelines").WithTags("Pipelines");
        api.MapPost("/", RegisterAsync).Accepts<string>("application/yaml", Bodies.OtherTypes).Produces<PipelineDetail>(201)
            .ProducesProblem(400).ProducesProblem(409);
        api.MapPost("/validate", ValidateAsync).Accepts<string>("application/yaml", Bodies.OtherTypes).Produces<ValidationView>()
            .ProducesProblem(400);
        api.MapGet("/", ListAsync);
        api.MapGet("/{name}", FindAsync).Produces<PipelineDetail>().ProducesProblem(404);
        api.MapDelete("/{name}", DeleteAsync).Produces(204).ProducesProblem(404).ProducesProblem(409);
        api.MapPost("/{name}/start", StartAsync).Produces(202).ProducesProblem(404).ProducesProblem(409);
        api.MapPost("/{name}/stop", StopAsync).Produces(202).ProducesProblem(404).ProducesProblem(409);
        api.MapDeadLetters();
    }

    private static async Task<IResult> RegisterAsync(
        HttpRequest request, bool? overwrite, string? file, PipelineStore store, StoredDefinitions definitions, RegistrationChecks checks,
        PipelineViews views, ChangeFeed changes, TimeProvider time, CancellationToken cancellationToken)
    {
        var yaml = await Bodies.ReadTextAsync(request);
        var parsed = definitions.Parse(yaml, file);
        if (parsed.Definition is not { } definition) return Problems.Invalid(parsed);
        if (parsed.With(await checks.CheckAsync(definition, cancellationToken)) is { Errors.Count: > 0 } refused) return Problems.Invalid(refused);
        var existing = await store.FindAsync(definition.Name, cancellationToken);
        if (existing is not null && overwrite == true && PipelineLifecycle.RefusalOf(existing.Status, PipelineRequest.Replace) is { } refusal)
            return Problems.Conflict(definition.Name, refusal);
        if (!await store.SaveAsync(definition.Name, yaml, overwrite == true, time.GetUtcNow(), cancellationToken))
            return Problems.Conflict(definition.Name, "it exists already; add ?overwrite=true to replace it");
        changes.Changed("pipelines");
        var stored = await store.FindAsync(definition.Name, cancellationToken);
        return stored is null
            ? Problems.NotFound(definition.Name)
            : Results.Created($"/api/pipelines/{definition.Name}", await views.DetailAsync(stored, cancellationToken));
    }

    private static async Task<IResult> ValidateAsync(
        HttpRequest request, string? file, StoredDefinitions definitions, RegistrationChecks checks, CancellationToken cancellationToken)
    {
        var parsed = definitions.Parse(await Bodies.ReadTextAsync(request), file);
        if (parsed.Definition is { } definition) parsed = parsed.With(await checks.CheckAsync(definition, cancellationToken));
        return parsed.Definition is null ? Problems.Invalid(parsed) : Results.Ok(new ValidationView(parsed.Definition.Name, parsed.Warnings));
    }

    private static async Task<IResult> ListAsync(
        PipelineStore store, PipelineViews views, string? state, string? name, int? offset, int? limit, CancellationToken cancellationToken)
    {
        PipelineStatus? status = null;
        if (state is not null)
        {
            if (!Enum.TryParse<PipelineStatus>(state, ignoreCase: true, out var known) || !Enum.IsDefined(known))
                return Problems.BadRequest($"'{state}' is no state; known are {string.Join(", ", Enum.GetNames<PipelineStatus>())}");
            status = known;
        }
        if (Problems.OfPage(offset, limit, LargestPage) is { } problem) return problem;
        var (total, items) = await store.ListAsync(status, name, offset ?? 0, limit ?? 100, cancellationToken);
        var summaries = new List<PipelineSummary>();
        foreach (var item in items) summaries.Add(await views.SummaryAsync(item, cancellationToken));
        return Results.Ok(new Page<PipelineSummary>(total, summaries));
    }

    private static async Task<IResult> FindAsync(string name, PipelineStore store, PipelineViews views, CancellationToken cancellationToken) =>
        await store.FindAsync(name, cancellationToken) is { } pipeline
            ? Results.Ok(await views.DetailAsync(pipeline, cancellationToken))
            : Problems.NotFound(name);

    private static Task<IResult> DeleteAsync(
        string name, PipelineStore store, PipelineRemoval removal, ChangeFeed changes, CancellationToken cancellationToken) =>
        RequestAsync(name, PipelineRequest.Delete, store, async pipeline =>
        {
            await removal.DeleteAsync(pipeline, cancellationToken);
            changes.Changed("pipelines");
            return Results.NoContent();
        }, cancellationToken);

    private static Task<IResult> StartAsync(string name, PipelineStore store, IBus bus, CancellationToken cancellationToken) =>
        RequestAsync(name, PipelineRequest.Start, store, async _ =>
        {
            await bus.Publish(new StartPipeline { PipelineId = PipelineIds.Of(name), Name = name }, cancellationToken);
            return Results.Accepted($"/api/pipelines/{name}");
        }, cancellationToken);

    private static Task<IResult> StopAsync(string name, PipelineStore store, IBus bus, CancellationToken cancellationToken) =>
        RequestAsync(name, PipelineRequest.Stop, store, async _ =>
        {
            await bus.Publish(new StopPipeline { PipelineId = PipelineIds.Of(name) }, cancellationToken);
            return Results.Accepted($"/api/pipelines/{name}");
        }, cancellationToken);

    private static async Task<IResult> RequestAsync(
        string name, PipelineRequest request, PipelineStore store, Func<StoredPipeline, Task<IResult>> act, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(name, cancellationToken) is not { } pipeline) return Problems.NotFound(name);
        return PipelineLifecycle.RefusalOf(pipeline.Status, request) is { } refusal ? Problems.Conflict(name, refusal) : await act(pipeline);
    }
}

/// <summary>The answer to a sound definition.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Warnings">What was read but changes nothing.</param>
public sealed record ValidationView(string Name, IReadOnlyList<Problem> Warnings);
