using Conductor.Domain.Workflows.Definitions;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Answers;

namespace Conductor.Workflows.Definitions;

/// <summary>/api/metadata/taskdefs: registering and reading task definitions.</summary>
internal static class TaskDefinitionEndpoints
{
    public static void MapTaskDefinitions(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/metadata/taskdefs").WithTags("Metadata");
        group.MapPost("", RegisterAsync).WithSummary("Registers task definitions");
        group.MapPut("", UpdateAsync).WithSummary("Replaces one task definition");
        group.MapGet("", ListAsync).WithSummary("All task definitions");
        group.MapGet("/{type}", GetAsync).WithSummary("One task definition");
        group.MapDelete("/{type}", DeleteAsync).WithSummary("Removes a task definition");
    }

    private static async Task<IResult> RegisterAsync(HttpContext context, DefinitionTables tables, DefinitionCatalog catalog, TimeProvider time)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var definitions = (await RequestBody.ObjectsAsync(context)).Select(json => DefinitionJson.ReadTask(json))
            .Select(d => d with { CreateTime = now, UpdateTime = now, CreatedBy = "", UpdatedBy = "" }).ToList();
        var errors = definitions.SelectMany((d, i) => DefinitionRules.Check(d).Select(e => (Index: i, Error: e)))
            .Select(x => ConductorError.At($"registerTaskDef.arg0[{x.Index}]", x.Error)).ToList();
        if (errors.Count > 0) return ConductorError.Invalid(errors);
        await StoreAsync(tables, catalog, definitions, context.RequestAborted);
        return Results.Ok();
    }

    private static async Task<IResult> UpdateAsync(HttpContext context, DefinitionTables tables, DefinitionCatalog catalog, TimeProvider time)
    {
        var definition = DefinitionJson.ReadTask(await RequestBody.ObjectAsync(context));
        if (DefinitionRules.Check(definition) is { Count: > 0 } errors) return ConductorError.Invalid("updateTaskDef.arg0", errors);
        if (await tables.TasksAsync([definition.Name!], context.RequestAborted) is not [var before])
            return ConductorError.NotFound($"No such task by name {definition.Name}");
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var updated = definition with { CreateTime = before.CreateTime, UpdateTime = now, CreatedBy = before.CreatedBy, UpdatedBy = "" };
        await StoreAsync(tables, catalog, [updated], context.RequestAborted);
        return Results.Ok();
    }

    private static async Task<IResult> ListAsync(DefinitionTables tables, CancellationToken cancellationToken)
    {
        var definitions = await tables.TasksAsync(names: null, cancellationToken);
        return Answer.Written(writer =>
        {
            writer.WriteStartArray();
            foreach (var definition in definitions) DefinitionJson.Write(definition).WriteTo(writer);
            writer.WriteEndArray();
        });
    }

    private static async Task<IResult> GetAsync(string type, DefinitionTables tables, CancellationToken cancellationToken) =>
        await tables.TasksAsync([type], cancellationToken) is [var definition]
            ? Answer.Written(writer => DefinitionJson.Write(definition).WriteTo(writer))
            : ConductorError.NotFound($"No such taskType found by name: {type}");

    private static async Task<IResult> DeleteAsync(string type, DefinitionTables tables, DefinitionCatalog catalog, CancellationToken cancellationToken)
    {
        if (!await tables.RemoveTaskAsync(type, cancellationToken)) return ConductorError.NotFound("No such task definition");
        catalog.Forget();
        return Results.Ok();
    }

    private static async Task StoreAsync(
        DefinitionTables tables, DefinitionCatalog catalog, IReadOnlyList<TaskDefinition> definitions, CancellationToken cancellationToken)
    {
        await tables.PutAsync(definitions, cancellationToken);
        catalog.Forget();
    }
}
