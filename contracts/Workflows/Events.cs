using System.Text.Json;

namespace Conductor.Contracts.Workflows;

/// <summary>What a worker says of an attempt. The names are Conductor's.</summary>
public enum TaskOutcome
{
    /// <summary>Done.</summary>
    Completed,
    /// <summary>Failed; the task's retry rules apply.</summary>
    Failed,
    /// <summary>Failed for good; never retried.</summary>
    FailedWithTerminalError,
    /// <summary>Not yet done: the attempt goes back to its queue after <see cref="TaskExecuted.CallbackAfter"/>.</summary>
    InProgress,
    /// <summary>Canceled by the worker.</summary>
    Canceled,
}

/// <summary>A worker has executed (a part of) one attempt of a task. Results of attempts that have ended are ignored.</summary>
public sealed record TaskExecuted
{
    /// <summary>Execution that the task belongs to.</summary>
    public required Guid WorkflowId { get; init; }
    /// <summary>The attempt.</summary>
    public required Guid TaskId { get; init; }
    /// <summary>How it ended.</summary>
    public required TaskOutcome Outcome { get; init; }
    /// <summary>A JSON object; undefined leaves the task's output as it is.</summary>
    public JsonElement Output { get; init; }
    /// <summary>Why it did not succeed.</summary>
    public string? Reason { get; init; }
    /// <summary>Who executed it.</summary>
    public string? WorkerId { get; init; }
    /// <summary>With <see cref="TaskOutcome.InProgress"/>: when the attempt is handed out again.</summary>
    public TimeSpan CallbackAfter { get; init; }
    /// <summary>Lines to add to the task's log.</summary>
    public IReadOnlyList<string>? Logs { get; init; }
}

/// <summary>A worker on the bus consumes <c>task.&lt;type&gt;</c>; sent at its start and every 10 s while it lives.</summary>
public sealed record WorkerAnnounced
{
    /// <summary>Task type that it executes.</summary>
    public required string TaskType { get; init; }
    /// <summary>Who it is.</summary>
    public required string WorkerId { get; init; }
    /// <summary>Worker domain, or null.</summary>
    public string? Domain { get; init; }
    /// <summary>How many attempts it executes at a time.</summary>
    public int Concurrency { get; init; } = 1;
}

/// <summary>An execution has ended, in whatever way. Published for definitions with <c>workflowStatusListenerEnabled</c>.</summary>
public sealed record WorkflowEnded
{
    /// <summary>The execution.</summary>
    public required Guid WorkflowId { get; init; }
    /// <summary>Name of its definition.</summary>
    public required string Name { get; init; }
    /// <summary>Version of its definition.</summary>
    public required int Version { get; init; }
    /// <summary>COMPLETED, FAILED, TIMED_OUT or TERMINATED.</summary>
    public required string Status { get; init; }
    /// <summary>The caller's own key for related executions.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>Why it did not complete.</summary>
    public string? Reason { get; init; }
}
