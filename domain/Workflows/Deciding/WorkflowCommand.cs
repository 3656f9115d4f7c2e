using System.Text.Json;
using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Something that is asked of an execution.</summary>
public abstract record WorkflowCommand
{
    /// <summary>The time.</summary>
    public required DateTimeOffset Now { get; init; }
    /// <summary>Ids and jitter of the decision derive from it: a new random value per command, the same when the command is decided again.</summary>
    public required Guid Seed { get; init; }
}

/// <summary>Starts an execution of <see cref="WorkflowContext.Graph"/>; the state before is null.</summary>
public sealed record StartExecution : WorkflowCommand
{
    /// <summary>Id of the execution.</summary>
    public required Guid WorkflowId { get; init; }
    /// <summary>A JSON object; undefined and null count as empty.</summary>
    public JsonElement Input { get; init; }
    /// <summary>The caller's own key for related executions.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>0 to 99.</summary>
    public int Priority { get; init; }
    /// <summary>Worker domain by task type; <c>*</c> for all.</summary>
    public IReadOnlyDictionary<string, string>? TaskToDomain { get; init; }
    /// <summary>Who asked.</summary>
    public string? CreatedBy { get; init; }
    /// <summary>Execution that starts it as a sub-workflow.</summary>
    public Guid? ParentWorkflowId { get; init; }
    /// <summary>Task of the parent.</summary>
    public Guid? ParentTaskId { get; init; }
}

/// <summary>A worker (or whoever completes a WAIT or HUMAN task) reports on an attempt.</summary>
public sealed record CompleteTask : WorkflowCommand
{
    /// <summary>Current row of the attempt.</summary>
    public required TaskRecord Task { get; init; }
    /// <summary>What is reported.</summary>
    public required TaskResultStatus Status { get; init; }
    /// <summary>A JSON object that replaces the output; undefined counts as empty.</summary>
    public JsonElement Output { get; init; }
    /// <summary>Why it did not succeed.</summary>
    public string? Reason { get; init; }
    /// <summary>Who reports.</summary>
    public string? WorkerId { get; init; }
    /// <summary>With <see cref="TaskResultStatus.InProgress"/>: when the attempt is handed out again.</summary>
    public long CallbackAfterSeconds { get; init; }
    /// <summary>With <see cref="TaskResultStatus.InProgress"/>: only the lease is extended.</summary>
    public bool ExtendLease { get; init; }
    /// <summary>Lines for the attempt's log.</summary>
    public IReadOnlyList<string> Logs { get; init; } = [];
}

/// <summary>A worker takes an attempt. Refused when the attempt waits for no worker any more.</summary>
public sealed record HandOutTask : WorkflowCommand
{
    /// <summary>Current row of the attempt.</summary>
    public required TaskRecord Task { get; init; }
    /// <summary>Who takes it.</summary>
    public string? WorkerId { get; init; }
    /// <summary>The hand-out is counted elsewhere (<see cref="TaskRecord.IsCounted"/>).</summary>
    public bool IsCounted { get; init; }
}

/// <summary>The worker that an attempt was handed out to never got it: it waits for another one. Changes nothing when the attempt has gone on since.</summary>
public sealed record ReleaseTask : WorkflowCommand
{
    /// <summary>Current row of the attempt.</summary>
    public required TaskRecord Task { get; init; }
    /// <summary>How often it had been handed out when that happened, this hand-out included.</summary>
    public required int PollCount { get; init; }
}

/// <summary>A deadline of an attempt has passed: the row says which. A stale notice changes nothing.</summary>
public sealed record TimeOutTask : WorkflowCommand
{
    /// <summary>Current row of the attempt.</summary>
    public required TaskRecord Task { get; init; }
}

/// <summary>The deadlines of an attempt.</summary>
public enum TaskTimeout
{
    /// <summary>Nobody took it: pollTimeoutSeconds from its scheduling (plus its delay).</summary>
    Poll,
    /// <summary>No sign of life: responseTimeoutSeconds from its last update.</summary>
    Response,
    /// <summary>Took too long: timeoutSeconds from its start.</summary>
    Overall,
    /// <summary>All attempts together took too long: totalTimeoutSeconds from the first scheduling.</summary>
    Total,
}

/// <summary>A timer of <see cref="TimerStarted"/> is due. A stale token changes nothing.</summary>
public sealed record FireTimer : WorkflowCommand
{
    /// <summary>Token of the timer.</summary>
    public required Guid Token { get; init; }
    /// <summary>What it is for.</summary>
    public required TimerPurpose Purpose { get; init; }
    /// <summary>Current row of the attempt, for <see cref="TimerPurpose.Wait"/>.</summary>
    public TaskRecord? Task { get; init; }
}

/// <summary>Stops scheduling.</summary>
public sealed record PauseExecution : WorkflowCommand;

/// <summary>Goes on after a pause.</summary>
public sealed record ResumeExecution : WorkflowCommand;

/// <summary>Ends the execution.</summary>
public sealed record TerminateExecution : WorkflowCommand
{
    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}

/// <summary>Fails an execution for which a message could not be decided.</summary>
public sealed record FailExecution : WorkflowCommand
{
    /// <summary>Why.</summary>
    public required string Reason { get; init; }
    /// <summary>Evaluates nothing of the definition, where that is what throws: no output, no failure workflow.</summary>
    public bool EvaluatesNothing { get; init; }
}

/// <summary>Schedules the last failed or canceled attempt of each task again.</summary>
public sealed record RetryExecution : WorkflowCommand;

/// <summary>Runs the execution from its start again, with <see cref="WorkflowContext.Graph"/>, which may be a newer definition.</summary>
public sealed record RestartExecution : WorkflowCommand;

/// <summary>Marks a task that has not been reached as done.</summary>
public sealed record SkipAhead : WorkflowCommand
{
    /// <summary>Reference name of the task.</summary>
    public required string ReferenceName { get; init; }
    /// <summary>Input to show.</summary>
    public JsonElement Input { get; init; }
    /// <summary>Output to show.</summary>
    public JsonElement Output { get; init; }
}
