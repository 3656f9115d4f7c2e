using Conductor.Domain.Workflows.Limits;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Answers;
using Conductor.Workflows.Definitions;

namespace Conductor.Workflows.Tasks;

/// <summary>GET /api/tasks/poll…: handing tasks to workers.</summary>
internal static class PollEndpoints
{
    // Conductor's own limit of a long poll.
    private const int LongestMilliseconds = 5000;
    private const int MostTasks = 1000;

    public static void MapPolls(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/tasks").WithTags("Task");
        group.MapGet("/poll/batch/{type}", PollManyAsync).WithSummary("Takes tasks of a type; waits for the first");
        group.MapGet("/poll/{type}", PollOneAsync).WithSummary("Takes one task of a type");
    }

    /// <summary>Writes tasks that were handed out.</summary>
    public static async Task<IResult> WriteAsync(IReadOnlyList<HandedOutTask> tasks, DefinitionCatalog catalog, CancellationToken cancellationToken)
    {
        var graphs = new Dictionary<string, Domain.Workflows.Graphs.WorkflowGraph>();
        foreach (var hash in tasks.Select(t => t.DefinitionHash).Distinct()) graphs[hash] = await catalog.GetAsync(hash, cancellationToken);
        return Answer.Written(writer =>
        {
            writer.WriteStartArray();
            foreach (var task in tasks) TaskAnswer.Write(writer, task.Task, task.WorkflowName, graphs[task.DefinitionHash]);
            writer.WriteEndArray();
        });
    }

    /// <summary>Writes one task, or 204 without a body where there is none.</summary>
    public static async Task<IResult> WriteOneAsync(IReadOnlyList<HandedOutTask> tasks, DefinitionCatalog catalog, CancellationToken cancellationToken)
    {
        if (tasks is not [var task]) return Results.NoContent();
        var graph = await catalog.GetAsync(task.DefinitionHash, cancellationToken);
        return Answer.Written(writer => TaskAnswer.Write(writer, task.Task, task.WorkflowName, graph));
    }

    private static async Task<IResult> PollManyAsync(
        string type, TaskQueues polls, DefinitionCatalog catalog, CancellationToken cancellationToken, string? workerid = null,
        string? domain = null, int count = 1, int timeout = 100)
    {
        if (count is < 0 or > MostTasks) return ConductorError.Invalid($"count: {count} must be 0 to {MostTasks}");
        if (timeout is < 0 or > LongestMilliseconds)
            return ConductorError.Invalid($"Long Poll Timeout value cannot be more than {LongestMilliseconds / 1000} seconds");
        CheckTexts(type, domain, workerid);
        var tasks = count == 0 ? [] : await polls.PollAsync(type, domain, workerid, count, TimeSpan.FromMilliseconds(timeout), cancellationToken);
        return await WriteAsync(tasks, catalog, cancellationToken);
    }

    private static async Task<IResult> PollOneAsync(
        string type, TaskQueues polls, DefinitionCatalog catalog, CancellationToken cancellationToken, string? workerid = null, string? domain = null)
    {
        CheckTexts(type, domain, workerid);
        return await WriteOneAsync(await polls.PollAsync(type, domain, workerid, 1, TimeSpan.Zero, cancellationToken), catalog, cancellationToken);
    }

    private static void CheckTexts(string type, string? domain, string? workerId)
    {
        RequestText.Check("type", type, TextLimits.Name);
        RequestText.Check("domain", domain, TextLimits.Domain);
        RequestText.Check("workerid", workerId, TextLimits.WorkerId);
    }
}
