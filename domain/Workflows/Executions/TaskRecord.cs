using System.Text.Json;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Domain.Workflows.Executions;

/// <summary>One attempt of a task in an execution: one stored row. Immutable; an event about a task carries its new row.</summary>
public sealed record TaskRecord
{
    /// <summary>Id of the attempt.</summary>
    public required Guid TaskId { get; init; }
    /// <summary>Execution that it belongs to.</summary>
    public required Guid WorkflowId { get; init; }
    /// <summary>Reference name as shown, with <c>__n</c> in a loop.</summary>
    public required string ReferenceName { get; init; }
    /// <summary>Reference name in the definition.</summary>
    public required string NodeReference { get; init; }
    /// <summary>Type as shown: <c>FORK</c>, <c>JOIN</c>, ..., or the name that workers poll.</summary>
    public required string TaskType { get; init; }
    /// <summary>Name of the task definition.</summary>
    public required string TaskDefName { get; init; }
    /// <summary>Order of scheduling in the execution, from 1.</summary>
    public required int Seq { get; init; }
    /// <summary>0 for the first attempt (Conductor's retryCount).</summary>
    public int Attempt { get; init; }
    /// <summary>Iteration of the loop around it, from 1; 0 outside of loops.</summary>
    public int Iteration { get; init; }
    /// <summary>Status.</summary>
    public required WorkflowTaskStatus Status { get; init; }
    /// <summary>A JSON object.</summary>
    public required JsonElement Input { get; init; }
    /// <summary>A JSON object.</summary>
    public required JsonElement Output { get; init; }
    /// <summary>Why it did not succeed.</summary>
    public string? Reason { get; init; }
    /// <summary>When it was scheduled.</summary>
    public DateTimeOffset? ScheduledTime { get; init; }
    /// <summary>When a worker took it (or a system task began).</summary>
    public DateTimeOffset? StartTime { get; init; }
    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndTime { get; init; }
    /// <summary>Last sign of life.</summary>
    public DateTimeOffset? UpdateTime { get; init; }
    /// <summary>Start of the first attempt.</summary>
    public DateTimeOffset? FirstStartTime { get; init; }
    /// <summary>Scheduling of the first attempt; the total timeout counts from here.</summary>
    public DateTimeOffset? FirstScheduledTime { get; init; }
    /// <summary>Delay before the hand-out that the definition (or the retry rule) asks for.</summary>
    public int StartDelaySeconds { get; init; }
    /// <summary>Delay before the (next) hand-out.</summary>
    public long CallbackAfterSeconds { get; init; }
    /// <summary>Who has it or had it.</summary>
    public string? WorkerId { get; init; }
    /// <summary>How often it was handed out.</summary>
    public int PollCount { get; init; }
    /// <summary>The attempt before.</summary>
    public Guid? RetriedTaskId { get; init; }
    /// <summary>There is a later attempt.</summary>
    public bool Retried { get; init; }
    /// <summary>What follows it has been scheduled.</summary>
    public bool Executed { get; init; }
    /// <summary>Worker domain.</summary>
    public string? Domain { get; init; }
    /// <summary>Lease of a worker; 0 for none.</summary>
    public long ResponseTimeoutSeconds { get; init; }
    /// <summary>Priority of the execution.</summary>
    public int Priority { get; init; }
    /// <summary>Correlation id of the execution.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>Limit of attempts in progress at the time of scheduling; 0 for none.</summary>
    public int ConcurrentExecLimit { get; init; }
    /// <summary>Rate limit at the time of scheduling; 0 for none.</summary>
    public int RateLimitPerFrequency { get; init; }
    /// <summary>Window of the rate limit.</summary>
    public int RateLimitFrequencyInSeconds { get; init; }

    /// <summary>Its hand-out is counted beside it, for a limit or for the workers on the bus, and the count is to be taken back at its end.</summary>
    public bool IsCounted { get; init; }

    /// <summary>End of a WAIT; null when it waits for somebody.</summary>
    public DateTimeOffset? WaitUntil { get; init; }

    internal TaskRecord Done(DateTimeOffset now) => this with { Status = WorkflowTaskStatus.Completed, EndTime = now, UpdateTime = now };

    internal TaskRecord Failed(DateTimeOffset now, WorkflowTaskStatus status, string? reason) =>
        this with { Status = status, Reason = reason is null ? null : TextLimits.Fitted(reason, TextLimits.Reason), EndTime = now, UpdateTime = now };

    /// <summary>The row after a worker has taken it: in progress, its poll counted, and with its start time at the first hand-out.</summary>
    /// <param name="workerId">Who has taken it.</param>
    /// <param name="now">When.</param>
    /// <param name="isCounted">Whether the hand-out was counted for a limit.</param>
    public TaskRecord HandedOut(string? workerId, DateTimeOffset now, bool isCounted = false) => this with
    {
        IsCounted = isCounted,
        Status = WorkflowTaskStatus.InProgress,
        StartTime = StartTime ?? now,
        FirstStartTime = FirstStartTime ?? now,
        UpdateTime = now,
        WorkerId = workerId,
        PollCount = PollCount + 1,
        CallbackAfterSeconds = 0,
    };
}
