using Conductor.Sagas.Workflow;
using System.Text.Json;
using Conductor.Contracts.Workflows;
using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Limits;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Answers;
using Conductor.Workflows.Definitions;
using Conductor.Workflows.Executions;

namespace Conductor.Workflows.Tasks;

/// <summary>POST /api/tasks…: results of workers.</summary>
internal static class UpdateEndpoints
{
    public static void MapUpdates(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/tasks").WithTags("Task");
        // The busiest endpoint: with a service as its parameter each request would begin a scope.
        var commands = api.ServiceProvider.GetRequiredService<WorkflowCommands>();
        Delegate update = (HttpContext context) => UpdateAsync(context, commands);
        group.MapPost("", update).WithSummary("Reports on a task");
        group.MapPost("/update-v2", UpdateAndPollAsync).WithSummary("Reports on a task and takes the next one of its type");
        group.MapPost("/{workflowId:guid}/{reference}/{status}", UpdateByReferenceAsync)
            .WithSummary("Reports on a task by its reference name; the body is its output");
        group.MapPost("/{workflowId:guid}/{reference}/{status}/sync", UpdateByReferenceAndReadAsync).WithSummary("The same; answers with the execution");
    }

    private static async Task<IResult> UpdateAsync(HttpContext context, WorkflowCommands commands)
    {
        var (report, _) = await ReportAsync(await ResultAsync(context), commands, context.RequestAborted);
        return Answer.Id(report.TaskId);
    }

    private static async Task<IResult> UpdateAndPollAsync(
        HttpContext context, WorkflowCommands commands, TaskQueues polls, DefinitionCatalog catalog)
    {
        var result = await ResultAsync(context);
        var (report, accepted) = await ReportAsync(result, commands, context.RequestAborted);
        // A worker that keeps its task has no hand free.
        if (accepted.Task is not { } reported || result.OnlyExtendsLease) return Results.NoContent();
        var next = await polls.PollAsync(reported.TaskType, reported.Domain, report.WorkerId, 1, TimeSpan.Zero, context.RequestAborted);
        return await PollEndpoints.WriteOneAsync(next, catalog, context.RequestAborted);
    }

    private static async Task<IResult> UpdateByReferenceAsync(
        Guid workflowId, string reference, string status, string? workerid, HttpContext context, WorkflowCommands commands, TaskReads tasks) =>
        // Conductor answers 200 without a body where there is no such open task.
        await ReportByReferenceAsync(workflowId, reference, status, workerid, context, commands, tasks) is { } taskId ? Answer.Id(taskId) : Results.Ok();

    private static async Task<IResult> UpdateByReferenceAndReadAsync(
        Guid workflowId, string reference, string status, string? workerid, HttpContext context, WorkflowCommands commands, ExecutionReads executions,
        TaskReads tasks, DefinitionCatalog catalog)
    {
        await ReportByReferenceAsync(workflowId, reference, status, workerid, context, commands, tasks);
        return await ReadEndpoints.GetAsync(workflowId, executions, tasks, catalog, context.RequestAborted);
    }

    private static async Task<Guid?> ReportByReferenceAsync(
        Guid workflowId, string reference, string status, string? workerid, HttpContext context, WorkflowCommands commands, TaskReads tasks)
    {
        var outcome = TaskResult.Outcome(status);
        RequestText.Check("workerid", workerid, TextLimits.WorkerId);
        var output = await RequestBody.ReportAsync(context);
        if (await tasks.OpenAsync(workflowId, reference, context.RequestAborted) is not { } task) return null;
        var report = new TaskExecuted { WorkflowId = workflowId, TaskId = task.TaskId, Outcome = outcome, Output = output, WorkerId = workerid };
        await commands.SendAsync(report, context.RequestAborted);
        return task.TaskId;
    }

    private static async Task<TaskResult> ResultAsync(HttpContext context) =>
        (await RequestBody.ReportAsync(context)).Deserialize<TaskResult>(DefinitionJson.Options) ?? new();

    private static async Task<(TaskExecuted Report, CommandAnswer Accepted)> ReportAsync(
        TaskResult result, WorkflowCommands commands, CancellationToken cancellationToken)
    {
        var report = result.ToReport();
        var accepted = result.OnlyExtendsLease
            ? await commands.SendAsync(
                new ExtendTaskLease { WorkflowId = report.WorkflowId, TaskId = report.TaskId, WorkerId = report.WorkerId, Logs = report.Logs },
                cancellationToken)
            : await commands.SendAsync(report, cancellationToken);
        return (report, accepted);
    }
}
