using System.Text.Json;

namespace Conductor.Worker.Execution;

/// <summary>One attempt of a task that this process holds, whichever way it came.</summary>
internal sealed record Assignment
{
    public required string WorkflowId { get; init; }
    public required string TaskId { get; init; }
    public required string TaskType { get; init; }
    public string ReferenceName { get; init; } = "";
    public string WorkflowName { get; init; } = "";
    public string? CorrelationId { get; init; }
    public int Attempt { get; init; }
    public JsonElement Input { get; init; }

    /// <summary>Without a sign of life for so long, the server takes the attempt for lost. Zero: it never does.</summary>
    public TimeSpan ResponseTimeout { get; init; }

    /// <summary>It has waited since its hand-out: the lease is to begin anew with the work.</summary>
    public bool HasWaited { get; init; }
}
