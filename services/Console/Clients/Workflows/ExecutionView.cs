using System.Text.Json;

namespace Conductor.Console.Clients.Workflows;

/// <summary>One execution, as <c>GET /api/workflow/{id}</c> tells it. Times are milliseconds of the epoch; 0 is "not yet".</summary>
public sealed record ExecutionView
{
    public string WorkflowId { get; init; } = "";
    public string Status { get; init; } = "";
    public string WorkflowName { get; init; } = "";
    public int WorkflowVersion { get; init; }
    public string? CorrelationId { get; init; }
    public string? ParentWorkflowId { get; init; }
    public string? ReasonForIncompletion { get; init; }
    public int Priority { get; init; }
    public long CreateTime { get; init; }
    public long StartTime { get; init; }
    public long UpdateTime { get; init; }
    public long EndTime { get; init; }
    public JsonElement Input { get; init; }
    public JsonElement Output { get; init; }
    public JsonElement Variables { get; init; }
    public IReadOnlyList<TaskExecution> Tasks { get; init => field = value ?? []; } = [];
    public DefinitionView? WorkflowDefinition { get; init; }

    public bool HasEnded => Status is not ("RUNNING" or "PAUSED");
}

/// <summary>One attempt of a task.</summary>
public sealed record TaskExecution
{
    public string TaskId { get; init; } = "";
    public string TaskType { get; init; } = "";
    public string? TaskDefName { get; init; }
    public string ReferenceTaskName { get; init; } = "";
    public string Status { get; init; } = "";
    public int Seq { get; init; }
    public int RetryCount { get; init; }
    public int Iteration { get; init; }
    public bool Retried { get; init; }
    public int PollCount { get; init; }
    public long ScheduledTime { get; init; }
    public long StartTime { get; init; }
    public long EndTime { get; init; }
    public string? WorkerId { get; init; }
    public string? Domain { get; init; }
    public string? ReasonForIncompletion { get; init; }
    public string? SubWorkflowId { get; init; }
    public JsonElement InputData { get; init; }
    public JsonElement OutputData { get; init; }
}
