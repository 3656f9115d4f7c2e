using System.Text.Json;

namespace Conductor.Contracts.Workflows;

/// <summary>
/// Something has happened to an execution, and is committed: what one transaction did to it. The events of an execution come in the order of their
/// numbers; after a failure some may come again, with the numbers and the message id that they had before.
/// </summary>
public sealed record ExecutionChanged : IHighVolumeEvent
{
    /// <inheritdoc />
    public static string Topic => "conductor.executions";

    string IHighVolumeEvent.Key => WorkflowId.ToString();

    /// <summary>The execution; the key of the record.</summary>
    public required Guid WorkflowId { get; init; }
    /// <summary>Name of its definition.</summary>
    public required string Name { get; init; }
    /// <summary>Version of its definition.</summary>
    public required int Version { get; init; }
    /// <summary>The caller's own key for related executions.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>Number of the first of the events, from 1, within the execution; the others follow without a gap.</summary>
    public required int Number { get; init; }
    /// <summary>When the last of the events happened.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>
    /// RUNNING, PAUSED, COMPLETED, FAILED, TIMED_OUT or TERMINATED as the events leave the execution, or REMOVED where it is there no more; null where they
    /// leave its status as it was.
    /// </summary>
    public string? Status { get; init; }
    /// <summary>What happened, in order.</summary>
    public required IReadOnlyList<ExecutionEvent> Events { get; init; }
}

/// <summary>One thing that happened to an execution. Inputs and outputs are not in it: the REST endpoints have them.</summary>
public sealed record ExecutionEvent
{
    /// <summary>WorkflowStarted, TaskScheduled, TaskHandedOut, TaskCompleted, TaskFailed, WorkflowCompleted and so on: documented in operations.md.</summary>
    public required string Kind { get; init; }
    /// <summary>The attempt of a task that it is about.</summary>
    public Guid? TaskId { get; init; }
    /// <summary>What there is to say of it (an object), by kind: reference and type of a task that was scheduled, the worker, a reason.</summary>
    public JsonElement? Detail { get; init; }
}
