using Conductor.Domain.Workflows.Definitions;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Answers;

namespace Conductor.Workflows.Definitions;

/// <summary>/api/metadata/workflow: registering and reading workflow definitions.</summary>
internal static class WorkflowDefinitionEndpoints
{
    public static void MapWorkflowDefinitions(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/metadata/workflow").WithTags("Metadata");
        group.MapPost("", CreateAsync).WithSummary("Registers a workflow definition");
        group.MapPut("", PutAsync).WithSummary("Registers or replaces workflow definitions");
        group.MapPost("/validate", ValidateAsync).WithSummary("Checks a workflow definition without registering it");
        group.MapGet("", (DefinitionTables tables, CancellationToken c) => ListAsync(tables, latestOnly: false, c)).WithSummary("All workflow definitions");
        group.MapGet("/latest-versions", (DefinitionTables tables, CancellationToken c) => ListAsync(tables, latestOnly: true, c))
            .WithSummary("The latest version of each workflow definition");
        group.MapGet("/names", NamesAsync).WithSummary("Names of all workflow definitions");
        group.MapGet("/names-and-versions", VersionsAsync).WithSummary("Versions of all workflow definitions by name");
        group.MapGet("/{name}", GetAsync).WithSummary("One workflow definition; the latest version unless one is named");
        group.MapGet("/{name}/versions", VersionsOfAsync).WithSummary("Versions of a workflow definition");
        group.MapDelete("/{name}/{version:int}", DeleteAsync).WithSummary("Removes a workflow definition; executions that run keep theirs");
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, RegistrationRules rules, DefinitionTables tables, DefinitionCatalog catalog, TimeProvider time, bool overwrite = false)
    {
        var definition = DefinitionJson.ReadWorkflow(await RequestBody.ObjectAsync(context)) with { UpdateTime = time.GetUtcNow().ToUnixTimeMilliseconds() };
        if (await rules.CheckAsync(definition) is { Count: > 0 } errors) return ConductorError.Invalid("registerWorkflowDef.arg0", errors);
        if (overwrite) await tables.PutAsync([definition], context.RequestAborted);
        else if (!await tables.AddAsync(definition, context.RequestAborted))
            return ConductorError.Conflict($"Workflow with {definition.Name}.{definition.Version} already exists!");
        catalog.Forget();
        return Results.Ok();
    }

    private static async Task<IResult> PutAsync(
        HttpContext context, RegistrationRules rules, DefinitionTables tables, DefinitionCatalog catalog, TimeProvider time)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var definitions = (await RequestBody.ObjectsAsync(context)).Select(json => DefinitionJson.ReadWorkflow(json) with { UpdateTime = now }).ToList();
        var errors = (await Task.WhenAll(definitions.Select(rules.CheckAsync)))
            .SelectMany((found, i) => found.Select(e => ConductorError.At($"updateWorkflowDef.arg0[{i}]", e))).ToList();
        if (errors.Count > 0) return ConductorError.Invalid(errors);
        await tables.PutAsync(definitions, context.RequestAborted);
        catalog.Forget();
        return Results.Json(new { bulkErrorResults = new Dictionary<string, string>(), bulkSuccessfulResults = definitions.Select(d => d.Name) }, Answer.Json);
    }

    private static async Task<IResult> ValidateAsync(HttpContext context, RegistrationRules rules) =>
        await rules.CheckAsync(DefinitionJson.ReadWorkflow(await RequestBody.ObjectAsync(context))) is { Count: > 0 } errors
            ? ConductorError.Invalid("validateWorkflowDef.arg0", errors)
            : Results.Ok();

    private static async Task<IResult> ListAsync(DefinitionTables tables, bool latestOnly, CancellationToken cancellationToken)
    {
        var definitions = await tables.ListAsync(latestOnly, cancellationToken);
        return Answer.Written(writer =>
        {
            writer.WriteStartArray();
            foreach (var definition in definitions) DefinitionJson.Write(definition).WriteTo(writer);
            writer.WriteEndArray();
        });
    }

    private static async Task<IResult> GetAsync(string name, int? version, DefinitionTables tables, CancellationToken cancellationToken) =>
        await tables.FindAsync(name, version, cancellationToken) is { } definition
            ? Answer.Written(writer => DefinitionJson.Write(definition).WriteTo(writer))
            : ConductorError.NotFound(
                $"No such workflow found by name: {name}, version: {version?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null"}");

    private static async Task<IResult> NamesAsync(DefinitionTables tables, CancellationToken cancellationToken) =>
        Results.Json((await tables.VersionsAsync(name: null, cancellationToken)).Select(d => d.Name).Distinct(), Answer.Json);

    private static async Task<IResult> VersionsAsync(DefinitionTables tables, CancellationToken cancellationToken) =>
        Results.Json(
            (await tables.VersionsAsync(name: null, cancellationToken)).GroupBy(d => d.Name).ToDictionary(g => g.Key, g => g.Select(Version)), Answer.Json);

    private static async Task<IResult> VersionsOfAsync(string name, DefinitionTables tables, CancellationToken cancellationToken) =>
        Results.Json((await tables.VersionsAsync(name, cancellationToken)).Select(Version), Answer.Json);

    private static object Version(RegisteredVersion version) => new
    {
        version.Name, version.Version, createTime = version.CreatedAt.ToUnixTimeMilliseconds(), updateTime = version.UpdatedAt.ToUnixTimeMilliseconds(),
    };

    private static async Task<IResult> DeleteAsync(
        string name, int version, DefinitionTables tables, DefinitionCatalog catalog, CancellationToken cancellationToken)
    {
        if (!await tables.RemoveAsync(name, version, cancellationToken))
            return ConductorError.NotFound($"No such workflow definition: {name} version: {version}");
        catalog.Forget();
        return Results.Ok();
    }
}
