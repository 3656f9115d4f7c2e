using System.Text.Json;
using Conductor.Contracts.Workflows;
using Conductor.Workflows.Answers;

namespace Conductor.Workflows.Tasks;

/// <summary>Reads what a worker reports over HTTP, Conductor's TaskResult, as the saga's event.</summary>
internal static class TaskReports
{
    /// <summary>Whether the worker only needs more time.</summary>
    public static bool ExtendsLease(JsonElement body) =>
        body.TryGetProperty("extendLease", out var extend) && extend.ValueKind == JsonValueKind.True && Text(body, "status") == "IN_PROGRESS";

    /// <exception cref="ConductorException">A field is missing or malformed, or the status is none that a worker may report.</exception>
    public static TaskExecuted Read(JsonElement body)
    {
        if (Text(body, "workflowInstanceId") is not { Length: > 0 } workflow) throw Missing("workflowInstanceId", "Workflow Id cannot be null or empty");
        if (Text(body, "taskId") is not { Length: > 0 } task) throw Missing("taskId", "Task ID cannot be null or empty");
        return new TaskExecuted
        {
            // What is no id at all cannot be found either.
            TaskId = Guid.TryParse(task, out var taskId) ? taskId : throw NotFound($"No such task found by id: {task}"),
            WorkflowId = Guid.TryParse(workflow, out var id) ? id : throw NotFound($"No such workflow found by id: {workflow}"),
            Outcome = Outcome(Text(body, "status") ?? throw Missing("status", "Status cannot be null or empty")),
            Output = body.TryGetProperty("outputData", out var output) && output.ValueKind == JsonValueKind.Object ? output : default,
            Reason = Text(body, "reasonForIncompletion"),
            CallbackAfter = TimeSpan.FromSeconds(Math.Max(0, Number(body, "callbackAfterSeconds"))),
            WorkerId = Text(body, "workerId"),
            Logs = body.TryGetProperty("logs", out var logs) && logs.ValueKind == JsonValueKind.Array
                ? [.. logs.EnumerateArray().Select(l => l.TryGetProperty("log", out var line) ? line.GetString() : null).OfType<string>()] : [],
        };
    }

    /// <summary>The outcome of a status by Conductor's name.</summary>
    public static TaskOutcome Outcome(string status) => status switch
    {
        "COMPLETED" => TaskOutcome.Completed,
        "FAILED" => TaskOutcome.Failed,
        "FAILED_WITH_TERMINAL_ERROR" => TaskOutcome.FailedWithTerminalError,
        "IN_PROGRESS" => TaskOutcome.InProgress,
        "CANCELED" => TaskOutcome.Canceled,
        _ => throw new ConductorException(ConductorError.Invalid(
            $"status: {status} is none of CANCELED, COMPLETED, FAILED_WITH_TERMINAL_ERROR, FAILED, IN_PROGRESS")),
    };

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long Number(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;

    private static ConductorException Missing(string field, string message) =>
        new(ConductorError.Invalid([new ValidationError("updateTask.arg0." + field, message)]));

    private static ConductorException NotFound(string message) => new(ConductorError.NotFound(message));
}
