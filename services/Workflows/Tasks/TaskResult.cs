using System.Text.Json;
using Conductor.Contracts.Workflows;
using Conductor.Workflows.Answers;

namespace Conductor.Workflows.Tasks;

/// <summary>What a worker reports over HTTP: Conductor's TaskResult.</summary>
internal sealed record TaskResult
{
    public Guid TaskId { get; init; }
    public Guid WorkflowInstanceId { get; init; }
    public required string Status { get; init; }
    public JsonElement OutputData { get; init; }
    public string? ReasonForIncompletion { get; init; }
    public long CallbackAfterSeconds { get; init; }
    public string? WorkerId { get; init; }
    public bool ExtendLease { get; init; }
    public IReadOnlyList<string> Logs { get; init; } = [];

    /// <exception cref="ConductorException">A field is missing or malformed.</exception>
    public static TaskResult Read(JsonElement body)
    {
        string? Text(string name) => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (Text("workflowInstanceId") is not { Length: > 0 } workflow) throw Missing("workflowInstanceId", "Workflow Id cannot be null or empty");
        if (Text("taskId") is not { Length: > 0 } task) throw Missing("taskId", "Task ID cannot be null or empty");
        return new TaskResult
        {
            // What is no id at all cannot be found either.
            TaskId = Guid.TryParse(task, out var taskId) ? taskId : throw new ConductorException(ConductorError.NotFound($"No such task found by id: {task}")),
            WorkflowInstanceId = Guid.TryParse(workflow, out var id) ? id : throw new ConductorException(ConductorError.NotFound($"No such workflow found by id: {workflow}")),
            Status = Text("status") ?? throw Missing("status", "Status cannot be null or empty"),
            OutputData = body.TryGetProperty("outputData", out var output) && output.ValueKind == JsonValueKind.Object ? output : default,
            ReasonForIncompletion = Text("reasonForIncompletion"),
            CallbackAfterSeconds = body.TryGetProperty("callbackAfterSeconds", out var after) && after.ValueKind == JsonValueKind.Number ? after.GetInt64() : 0,
            WorkerId = Text("workerId"),
            ExtendLease = body.TryGetProperty("extendLease", out var extend) && extend.ValueKind == JsonValueKind.True,
            Logs = body.TryGetProperty("logs", out var logs) && logs.ValueKind == JsonValueKind.Array
                ? [.. logs.EnumerateArray().Select(l => l.TryGetProperty("log", out var line) ? line.GetString() : null).OfType<string>()] : [],
        };
    }

    /// <summary>The event for the saga.</summary>
    /// <exception cref="ConductorException">The status is none that a worker may report.</exception>
    public TaskExecuted ToEvent() => new()
    {
        WorkflowId = WorkflowInstanceId, TaskId = TaskId, Outcome = Outcome(Status), Output = OutputData, Reason = ReasonForIncompletion, WorkerId = WorkerId,
        CallbackAfter = TimeSpan.FromSeconds(Math.Max(0, CallbackAfterSeconds)), Logs = Logs,
    };

    /// <summary>The outcome of a status by Conductor's name.</summary>
    public static TaskOutcome Outcome(string status) => status switch
    {
        "COMPLETED" => TaskOutcome.Completed,
        "FAILED" => TaskOutcome.Failed,
        "FAILED_WITH_TERMINAL_ERROR" => TaskOutcome.FailedWithTerminalError,
        "IN_PROGRESS" => TaskOutcome.InProgress,
        "CANCELED" => TaskOutcome.Canceled,
        _ => throw new ConductorException(ConductorError.Invalid($"status: {status} is none of CANCELED, COMPLETED, FAILED_WITH_TERMINAL_ERROR, FAILED, IN_PROGRESS")),
    };

    private static ConductorException Missing(string field, string message) => new(ConductorError.Invalid([new ValidationError("updateTask.arg0." + field, message)]));
}
