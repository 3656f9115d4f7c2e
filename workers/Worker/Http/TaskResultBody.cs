using System.Text.Json;
using System.Text.Json.Serialization;
using Conductor.Contracts.Workflows;
using Conductor.Worker.Execution;

namespace Conductor.Worker.Http;

/// <summary>Conductor's TaskResult.</summary>
internal sealed record TaskResultBody
{
    public required string WorkflowInstanceId { get; init; }
    public required string TaskId { get; init; }
    public required string Status { get; init; }
    public required string WorkerId { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? OutputData { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ReasonForIncompletion { get; init; }
    public long CallbackAfterSeconds { get; init; }
    public IReadOnlyList<Line> Logs { get; init; } = [];

    public static TaskResultBody Of(TaskReport report, string workerId, DateTimeOffset now) => new()
    {
        WorkflowInstanceId = report.Task.WorkflowId,
        TaskId = report.Task.TaskId,
        Status = Name(report.Outcome),
        WorkerId = workerId,
        OutputData = report.Output,
        ReasonForIncompletion = report.Reason,
        // Whole seconds are all that Conductor knows.
        CallbackAfterSeconds = (long)Math.Ceiling(report.CallbackAfter.TotalSeconds),
        Logs = [.. report.Logs.Select(log => new Line(log, report.Task.TaskId, now.ToUnixTimeMilliseconds()))],
    };

    private static string Name(TaskOutcome outcome) => outcome switch
    {
        TaskOutcome.Completed => "COMPLETED",
        TaskOutcome.Failed => "FAILED",
        TaskOutcome.FailedWithTerminalError => "FAILED_WITH_TERMINAL_ERROR",
        TaskOutcome.InProgress => "IN_PROGRESS",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    public sealed record Line(string Log, string TaskId, long CreatedTime);
}
