using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Answers;

namespace Conductor.Workflows.Retention;

/// <summary>GET /api/retention: what is removed, by whom, when, and what switches it off.</summary>
internal static class RetentionEndpoints
{
    public static void MapRetention(this IEndpointRouteBuilder api) =>
        api.MapGet("/retention", GetAsync).WithTags("Retention").WithSummary("What is removed by whom and when, and what switches it off");

    private static async Task<IResult> GetAsync(
        Removals removals, RetentionOptions options, SetAside setAside, DefinitionTables definitions, CancellationToken cancellationToken) => Results.Json(
        new
        {
            archives = options.Folder is not "",
            options.BatchSize,
            pauseMs = (long)options.Pause.TotalMilliseconds,
            kinds = removals.All.Select(Shown),
            retentionDays = await definitions.RetentionDaysAsync(cancellationToken),
            setAside = setAside.Ids,
        }, Answer.Json);

    private static object Shown(Removal removal) => new
    {
        removal.Kind,
        removal.Rule.By,
        removal.Rule.IsOn,
        removal.Rule.Setting,
        periodSeconds = (long?)removal.Rule.After?.TotalSeconds,
        lastRun = removal.LastRun?.ToUnixTimeMilliseconds(),
        removed = removal.Rule.After is null ? (long?)null : removal.Rows,
    };
}
