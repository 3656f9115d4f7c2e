using System.Text.Json;

namespace Conductor.Worker.Client;

/// <summary>One execution as the server tells it.</summary>
public sealed record WorkflowExecution
{
    /// <summary>Its id.</summary>
    public string WorkflowId { get; init; } = "";

    /// <summary>Name of its definition.</summary>
    public string WorkflowName { get; init; } = "";

    /// <summary>RUNNING, PAUSED, COMPLETED, FAILED, TIMED_OUT or TERMINATED.</summary>
    public string Status { get; init; } = "";

    /// <summary>The caller's own key for related executions.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Why it did not complete.</summary>
    public string? ReasonForIncompletion { get; init; }

    /// <summary>What it was started with.</summary>
    public JsonElement Input { get; init; }

    /// <summary>What came of it.</summary>
    public JsonElement Output { get; init; }

    /// <summary>Its tasks, in the order in which they were scheduled, as the server tells them.</summary>
    public IReadOnlyList<JsonElement> Tasks { get; init; } = [];

    /// <summary>Nothing more will happen unless somebody retries it.</summary>
    public bool IsEnded => Status is "COMPLETED" or "FAILED" or "TIMED_OUT" or "TERMINATED";
}
