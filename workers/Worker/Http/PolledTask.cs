using System.Text.Json;
using Conductor.Worker.Execution;

namespace Conductor.Worker.Http;

/// <summary>The fields of Conductor's Task that a worker needs.</summary>
internal sealed record PolledTask
{
    public string? WorkflowInstanceId { get; init; }
    public string? TaskId { get; init; }
    public string? TaskType { get; init; }
    public string? ReferenceTaskName { get; init; }
    public string? WorkflowType { get; init; }
    public string? CorrelationId { get; init; }
    public int RetryCount { get; init; }
    public JsonElement InputData { get; init; }
    public double ResponseTimeoutSeconds { get; init; }

    public Assignment ToAssignment(string polledType) => new()
    {
        WorkflowId = WorkflowInstanceId ?? throw new JsonException("a polled task has no workflowInstanceId"),
        TaskId = TaskId ?? throw new JsonException("a polled task has no taskId"),
        TaskType = TaskType ?? polledType,
        ReferenceName = ReferenceTaskName ?? "",
        WorkflowName = WorkflowType ?? "",
        CorrelationId = CorrelationId,
        Attempt = RetryCount,
        Input = InputData,
        ResponseTimeout = TimeSpan.FromSeconds(ResponseTimeoutSeconds),
    };
}
