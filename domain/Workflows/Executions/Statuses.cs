using System.Text.Json.Serialization;

namespace Conductor.Domain.Workflows.Executions;

/// <summary>Status of an execution.</summary>
public enum WorkflowStatus
{
    /// <summary>Under way.</summary>
    [JsonStringEnumMemberName("RUNNING")] Running,
    /// <summary>Schedules nothing until it is resumed.</summary>
    [JsonStringEnumMemberName("PAUSED")] Paused,
    /// <summary>Ended well.</summary>
    [JsonStringEnumMemberName("COMPLETED")] Completed,
    /// <summary>Ended by a failed task.</summary>
    [JsonStringEnumMemberName("FAILED")] Failed,
    /// <summary>Ended by a timeout.</summary>
    [JsonStringEnumMemberName("TIMED_OUT")] TimedOut,
    /// <summary>Ended from outside or by a TERMINATE task.</summary>
    [JsonStringEnumMemberName("TERMINATED")] Terminated,
}

/// <summary>Status of one attempt of a task.</summary>
public enum WorkflowTaskStatus
{
    /// <summary>Waits for a worker.</summary>
    [JsonStringEnumMemberName("SCHEDULED")] Scheduled,
    /// <summary>With a worker, or waiting for an event.</summary>
    [JsonStringEnumMemberName("IN_PROGRESS")] InProgress,
    /// <summary>Canceled with its workflow.</summary>
    [JsonStringEnumMemberName("CANCELED")] Canceled,
    /// <summary>Failed; may be retried.</summary>
    [JsonStringEnumMemberName("FAILED")] Failed,
    /// <summary>Failed for good.</summary>
    [JsonStringEnumMemberName("FAILED_WITH_TERMINAL_ERROR")] FailedWithTerminalError,
    /// <summary>Done.</summary>
    [JsonStringEnumMemberName("COMPLETED")] Completed,
    /// <summary>Failed, but optional.</summary>
    [JsonStringEnumMemberName("COMPLETED_WITH_ERRORS")] CompletedWithErrors,
    /// <summary>Took too long.</summary>
    [JsonStringEnumMemberName("TIMED_OUT")] TimedOut,
    /// <summary>Skipped on demand.</summary>
    [JsonStringEnumMemberName("SKIPPED")] Skipped,
}

/// <summary>What a worker reports of an attempt.</summary>
public enum TaskResultStatus
{
    /// <summary>Not yet done.</summary>
    [JsonStringEnumMemberName("IN_PROGRESS")] InProgress,
    /// <summary>Failed; the retry rules apply.</summary>
    [JsonStringEnumMemberName("FAILED")] Failed,
    /// <summary>Failed for good.</summary>
    [JsonStringEnumMemberName("FAILED_WITH_TERMINAL_ERROR")] FailedWithTerminalError,
    /// <summary>Done.</summary>
    [JsonStringEnumMemberName("COMPLETED")] Completed,
    /// <summary>Canceled by the worker.</summary>
    [JsonStringEnumMemberName("CANCELED")] Canceled,
}

/// <summary>Properties of the statuses and their names in Conductor.</summary>
public static class Statuses
{
    /// <summary>Nothing more happens, unless a verb reopens it.</summary>
    public static bool IsTerminal(this WorkflowStatus status) => status > WorkflowStatus.Paused;
    /// <summary>The attempt has ended.</summary>
    public static bool IsTerminal(this WorkflowTaskStatus status) => status > WorkflowTaskStatus.InProgress;
    /// <summary>The attempt counts as done (or is not known to have failed yet).</summary>
    public static bool IsSuccessful(this WorkflowTaskStatus status) => status is not (WorkflowTaskStatus.Canceled or WorkflowTaskStatus.Failed
        or WorkflowTaskStatus.FailedWithTerminalError or WorkflowTaskStatus.TimedOut);
    /// <summary>The retry rules apply.</summary>
    public static bool IsRetriable(this WorkflowTaskStatus status) => status is WorkflowTaskStatus.Failed or WorkflowTaskStatus.TimedOut;

    /// <summary>Conductor's name, like <c>TIMED_OUT</c>.</summary>
    public static string Name(this WorkflowStatus status) => status switch
    {
        WorkflowStatus.Running => "RUNNING",
        WorkflowStatus.Paused => "PAUSED",
        WorkflowStatus.Completed => "COMPLETED",
        WorkflowStatus.Failed => "FAILED",
        WorkflowStatus.TimedOut => "TIMED_OUT",
        WorkflowStatus.Terminated => "TERMINATED",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    /// <summary>Conductor's name, like <c>IN_PROGRESS</c>.</summary>
    public static string Name(this WorkflowTaskStatus status) => status switch
    {
        WorkflowTaskStatus.Scheduled => "SCHEDULED",
        WorkflowTaskStatus.InProgress => "IN_PROGRESS",
        WorkflowTaskStatus.Canceled => "CANCELED",
        WorkflowTaskStatus.Failed => "FAILED",
        WorkflowTaskStatus.FailedWithTerminalError => "FAILED_WITH_TERMINAL_ERROR",
        WorkflowTaskStatus.Completed => "COMPLETED",
        WorkflowTaskStatus.CompletedWithErrors => "COMPLETED_WITH_ERRORS",
        WorkflowTaskStatus.TimedOut => "TIMED_OUT",
        WorkflowTaskStatus.Skipped => "SKIPPED",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };
}
