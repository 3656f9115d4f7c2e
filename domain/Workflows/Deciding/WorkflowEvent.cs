using System.Collections.Immutable;
using System.Text.Json;
using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>A fact about an execution. The shell appends it to the history and persists what it says.</summary>
public abstract record WorkflowEvent
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>An execution began: insert it, with its input.</summary>
public sealed record WorkflowStarted : WorkflowEvent
{
    /// <summary>Its first state.</summary>
    public required WorkflowInstance Instance { get; init; }
    /// <summary>Its input, a JSON object, with the input template applied.</summary>
    public required JsonElement Input { get; init; }
}

/// <summary>A fact about one attempt; <see cref="Task"/> is its new row.</summary>
public abstract record TaskEvent : WorkflowEvent
{
    /// <summary>The row after the event.</summary>
    public required TaskRecord Task { get; init; }
    /// <summary>Lines to append to the attempt's log.</summary>
    public IReadOnlyList<string> Logs { get; init; } = [];
}

/// <summary>A new attempt: insert the row. Tasks that need no worker may already be in progress or have ended.</summary>
public sealed record TaskScheduled : TaskEvent
{
    /// <summary>Queue to put it on (<c>type</c> or <c>domain:type</c>), or null when no worker executes it.</summary>
    public string? Queue { get; init; }
    /// <summary>When it may first be handed out.</summary>
    public DateTimeOffset AvailableAt { get; init; }
}

/// <summary>The attempt succeeded: update the row (status, output, times, worker, executed), take it off its queue.</summary>
public sealed record TaskCompleted : TaskEvent;

/// <summary>The attempt failed (or, when optional, completed with errors): update the row, take it off its queue.</summary>
public sealed record TaskFailed : TaskEvent;

/// <summary>The attempt timed out: update the row, take it off its queue.</summary>
public sealed record TaskTimedOut : TaskEvent;

/// <summary>The attempt was canceled: update the row, take it off its queue.</summary>
public sealed record TaskCanceled : TaskEvent;

/// <summary>The task was skipped before it was reached: insert the row.</summary>
public sealed record TaskSkipped : TaskEvent;

/// <summary>The attempt goes back to its queue (status SCHEDULED): update the row (output, callback, worker, times).</summary>
public sealed record TaskRequeued : TaskEvent
{
    /// <summary>Queue to put it on, or null when no worker executes it.</summary>
    public string? Queue { get; init; }
    /// <summary>When it may be handed out.</summary>
    public DateTimeOffset AvailableAt { get; init; }
}

/// <summary>A worker has the attempt: update the row (status IN_PROGRESS, worker, times, poll count); it is on no queue any more.</summary>
public sealed record TaskHandedOut : TaskEvent;

/// <summary>The lease of the attempt was extended: update its updateTime.</summary>
public sealed record TaskLeaseExtended : TaskEvent;

/// <summary>What follows the attempt is scheduled (it had ended while paused): update its status and executed flag.</summary>
public sealed record TaskFollowed : TaskEvent;

/// <summary>The attempt is replaced by another: update its retried and executed flags.</summary>
public sealed record TaskRetried : TaskEvent
{
    /// <summary>What follows it has been scheduled before (it is permissive) and is not scheduled again.</summary>
    public bool WasFollowed { get; init; }
}

/// <summary>The attempt ended together with one that ended the execution: what follows it waits for a retry. Update its executed flag.</summary>
public sealed record TaskDeferred : TaskEvent;

/// <summary>The attempt is open again in place (a JOIN, on retry): update the row.</summary>
public sealed record TaskReopened : TaskEvent;

/// <summary>
/// All attempts of the execution that have not ended are canceled, in one statement: status CANCELED, end and update time; take them off
/// their queues.
/// </summary>
public sealed record OpenTasksCanceled : WorkflowEvent
{
    /// <summary>How many, as far as the state knows.</summary>
    public required int Count { get; init; }
}

/// <summary>A JOIN counts: nothing to persist but the state.</summary>
public sealed record JoinCounted : WorkflowEvent
{
    /// <summary>Reference name of the JOIN.</summary>
    public required string ReferenceName { get; init; }
    /// <summary>Where it stands now; null when it has ended.</summary>
    public required JoinProgress? Progress { get; init; }
}

/// <summary>What a timer is for.</summary>
public enum TimerPurpose
{
    /// <summary>End of a WAIT task.</summary>
    Wait,
    /// <summary>Timeout of the execution.</summary>
    WorkflowTimeout,
}

/// <summary>A timer runs: insert it; raise <see cref="FireTimer"/> when due.</summary>
public sealed record TimerStarted : WorkflowEvent
{
    /// <summary>Identity of the timer.</summary>
    public required Guid Token { get; init; }
    /// <summary>When it is due.</summary>
    public required DateTimeOffset Due { get; init; }
    /// <summary>What it is for.</summary>
    public required TimerPurpose Purpose { get; init; }
    /// <summary>Attempt that it belongs to.</summary>
    public Guid? TaskId { get; init; }
}

/// <summary>A timer is no longer needed: delete it.</summary>
public sealed record TimerCanceled : WorkflowEvent
{
    /// <summary>Identity of the timer.</summary>
    public required Guid Token { get; init; }
}

/// <summary>Variables changed.</summary>
public sealed record VariablesSet : WorkflowEvent
{
    /// <summary>All variables, a JSON object.</summary>
    public required JsonElement Variables { get; init; }
}

/// <summary>A permissive task failed for good: nothing to persist but the state.</summary>
public sealed record PermissiveFailureNoted : WorkflowEvent
{
    /// <summary>What will be shown at the end.</summary>
    public required PermissiveFailure Failure { get; init; }
}

/// <summary>Scheduling stopped.</summary>
public sealed record WorkflowPaused : WorkflowEvent;

/// <summary>Scheduling goes on.</summary>
public sealed record WorkflowResumed : WorkflowEvent;

/// <summary>The execution has ended: store its output; delete all of its timers.</summary>
public abstract record ExecutionEnded : WorkflowEvent
{
    /// <summary>Its output, a JSON object.</summary>
    public required JsonElement Output { get; init; }
    /// <summary>Why, where it did not complete (a TERMINATE task may give one in any case).</summary>
    public string? Reason { get; init; }
    /// <summary>Task that made it end.</summary>
    public Guid? FailureTaskId { get; init; }
    /// <summary>Reference names of failed tasks.</summary>
    public ImmutableArray<string> FailedReferenceNames { get; init; } = [];
    /// <summary>Names of failed tasks.</summary>
    public ImmutableArray<string> FailedTaskNames { get; init; } = [];
}

/// <summary>Ended well.</summary>
public sealed record WorkflowCompleted : ExecutionEnded;

/// <summary>Ended by a failure.</summary>
public sealed record WorkflowFailed : ExecutionEnded;

/// <summary>Ended by a timeout.</summary>
public sealed record WorkflowTimedOut : ExecutionEnded;

/// <summary>Ended from outside, or by a TERMINATE task or a canceled task.</summary>
public sealed record WorkflowTerminated : ExecutionEnded;

/// <summary>The execution runs again from where it failed; what is open again follows as events.</summary>
public sealed record WorkflowRetried : WorkflowEvent;

/// <summary>The execution begins anew: delete its task rows and timers, clear its output.</summary>
public sealed record WorkflowRestarted : WorkflowEvent
{
    /// <summary>State to begin with.</summary>
    public required WorkflowInstance Instance { get; init; }
}

/// <summary>A failure workflow must be started with the execution as its input.</summary>
public sealed record FailureWorkflowRequested : WorkflowEvent
{
    /// <summary>Id that it will have.</summary>
    public required Guid WorkflowId { get; init; }
    /// <summary>Definition to start.</summary>
    public required string Name { get; init; }
    /// <summary>Its version; the latest when null.</summary>
    public int? Version { get; init; }
    /// <summary>
    /// The execution's own input with reason, workflowId, failureStatus and failureTaskId; the shell adds <c>failedWorkflow</c>, the whole
    /// execution.
    /// </summary>
    public required JsonElement Input { get; init; }
}
