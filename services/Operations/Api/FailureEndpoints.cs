using Conductor.Domain.Recoverability.Grouping;
using Conductor.Postgres.Recoverability;

namespace Conductor.Operations.Api;

/// <summary>The failures, below <c>/api/deadletters</c>.</summary>
internal static class FailureEndpoints
{
    private const int MostGroups = 500;
    // Beyond, nobody wants to know exactly.
    private const int MostCounted = 10_000;

    public static void MapFailures(this WebApplication app)
    {
        var api = app.MapGroup("/api/deadletters").WithTags("Dead letters");
        api.MapGet("/", ListAsync).Produces<FailurePage>().ProducesProblem(400);
        api.MapGet("/groups", GroupsAsync).Produces<IReadOnlyList<StoredGroup>>().ProducesProblem(400);
        api.MapGet("/{id:guid}", FindAsync).Produces<FailureView>().ProducesProblem(404);
        api.MapGet("/{id:guid}/body", BodyAsync).Produces(200).ProducesProblem(404);
    }

    private static async Task<IResult> ListAsync([AsParameters] FailureQuery query, FailureReads reads, CancellationToken cancellationToken)
    {
        if (query.Refusal is { } refusal) return Refusals.BadRequest(refusal);
        var items = await reads.ListAsync(query.Filter, query.Place, query.Most, cancellationToken);
        var total = await reads.CountAsync(query.Filter, MostCounted, cancellationToken);
        return Results.Ok(new FailurePage(total, total == MostCounted, items, items.Count == query.Most ? FailureQuery.PlaceOf(items[^1]) : null));
    }

    private static async Task<IResult> GroupsAsync(string? by, FailureReads reads, CancellationToken cancellationToken) =>
        Enum.TryParse<Grouper>(by ?? nameof(Grouper.Cause), ignoreCase: true, out var grouper) && Enum.IsDefined(grouper)
            ? Results.Ok(await reads.GroupsAsync(grouper, MostGroups, cancellationToken))
            : Refusals.BadRequest($"'{by}' is no kind of group; known are {string.Join(", ", Enum.GetNames<Grouper>())}");

    private static async Task<IResult> FindAsync(Guid id, FailureReads reads, CancellationToken cancellationToken) =>
        await reads.FindAsync(id, cancellationToken) is { } failure ? Results.Ok(FailureView.Of(failure)) : Missing(id);

    // Never as what the sender said it is: a browser would show somebody else's page as ours.
    private static async Task<IResult> BodyAsync(Guid id, FailureReads reads, CancellationToken cancellationToken) =>
        await reads.FindAsync(id, cancellationToken) is { } failure
            ? Results.Bytes(failure.Letter.Body, "application/octet-stream", $"{id:N}.bin")
            : Missing(id);

    private static IResult Missing(Guid id) => Refusals.Missing($"There is no dead letter {id}");
}
