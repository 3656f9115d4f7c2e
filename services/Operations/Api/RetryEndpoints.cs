using Conductor.Domain.Recoverability.Retrying;
using Conductor.Operations.Collecting;
using Conductor.Postgres.Recoverability;
using Conductor.Postgres.Supervision;
using Conductor.ServiceDefaults.Changes;

namespace Conductor.Operations.Api;

/// <summary>Retries, below <c>/api/deadletters/retries</c>: each is answered with 202, and shows how far it is until somebody acknowledges it.</summary>
internal static class RetryEndpoints
{
    private const string Path = "/api/deadletters/retries";
    private const int MostIds = 10_000;

    public static void MapRetries(this WebApplication app)
    {
        var api = app.MapGroup(Path).WithTags("Retries");
        api.MapPost("/", BeginAsync).Produces<RetryView>(202).ProducesProblem(400).ProducesProblem(409);
        api.MapGet("/", ListAsync).Produces<IReadOnlyList<RetryView>>();
        api.MapGet("/{id:guid}", FindAsync).Produces<RetryView>().ProducesProblem(404);
        MapVerb("pause", _ => new RetryCommand.Pause());
        MapVerb("resume", _ => new RetryCommand.Resume());
        MapVerb("cancel", reason => new RetryCommand.Cancel(reason ?? "cancelled"));
        api.MapPost("/{id:guid}/acknowledge", AcknowledgeAsync).Produces(204).ProducesProblem(404).ProducesProblem(409);

        void MapVerb(string verb, Func<string?, RetryCommand> command) => api.MapPost("/{id:guid}/" + verb,
            (Guid id, string? reason, RetryStore retries, ChangeFeed changes, Signal signal, TimeProvider time, CancellationToken cancellationToken) =>
                DoAsync(id, command(reason), (retries, changes, signal), time.GetUtcNow(), cancellationToken))
            .Produces<RetryView>(202).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> BeginAsync(
        RetryOrder order, RetryStore retries, ChangeFeed changes, Signal signal, TimeProvider time, CancellationToken cancellationToken)
    {
        if (order.Ids is { Count: 0 or > MostIds }) return Refusals.BadRequest($"name 1 to {MostIds} messages, or a filter");
        var (id, now) = (Guid.CreateVersion7(time.GetUtcNow()), time.GetUtcNow());
        var filter = new FailureFilter { Group = order.Group, Text = order.Q, From = order.From, To = order.To };
        var request = new RetryRequest(filter, order.Ids, order.CutOff ?? now, order.Scope, "anonymous", order.Reason);
        try
        {
            await retries.BeginAsync(id, request, total => new RetryPlan(total, order.First, order.PerSecond, order.StopShare), now, cancellationToken);
        }
        catch (RetryRefusedException e)
        {
            return Refusals.Conflict(e.Message);
        }
        changes.Changed(DeadLetterIntake.Topic);
        signal.Raise();
        return await AcceptedAsync(id, retries, cancellationToken);
    }

    private static async Task<IResult> ListAsync(RetryStore retries, CancellationToken cancellationToken) =>
        Results.Ok((await retries.OpenAsync(cancellationToken)).Select(RetryView.Of));

    private static async Task<IResult> FindAsync(Guid id, RetryStore retries, CancellationToken cancellationToken) =>
        await retries.FindAsync(id, cancellationToken) is { } retry ? Results.Ok(RetryView.Of(retry)) : Missing(id);

    private static async Task<IResult> DoAsync(Guid id, RetryCommand command, (RetryStore Retries, ChangeFeed Changes, Signal Signal) with,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            if (await with.Retries.DoAsync(id, command, now, cancellationToken) is null) return Missing(id);
        }
        catch (RetryRefusedException e)
        {
            return Refusals.Conflict(e.Message);
        }
        with.Changes.Changed(DeadLetterIntake.Topic);
        with.Signal.Raise();
        return await AcceptedAsync(id, with.Retries, cancellationToken);
    }

    private static async Task<IResult> AcknowledgeAsync(Guid id, RetryStore retries, ChangeFeed changes, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await retries.FindAsync(id, cancellationToken) is null) return Missing(id);
        if (!await retries.AcknowledgeAsync(id, time.GetUtcNow(), cancellationToken)) return Refusals.Conflict("it is not over yet");
        changes.Changed(DeadLetterIntake.Topic);
        return Results.NoContent();
    }

    private static async Task<IResult> AcceptedAsync(Guid id, RetryStore retries, CancellationToken cancellationToken) =>
        await retries.FindAsync(id, cancellationToken) is { } retry ? Results.Accepted($"{Path}/{id}", RetryView.Of(retry)) : Missing(id);

    private static IResult Missing(Guid id) => Refusals.Missing($"There is no retry {id}");
}
