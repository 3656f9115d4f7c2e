namespace Conductor.Console.Clients.Workflows;

/// <summary>One row of <c>GET /api/workflow/search</c>. Times are ISO 8601; input and output are text.</summary>
public sealed record WorkflowSummary
{
    public string WorkflowType { get; init; } = "";
    public int Version { get; init; }
    public string WorkflowId { get; init; } = "";
    public string? CorrelationId { get; init; }
    public DateTimeOffset? StartTime { get; init; }
    public DateTimeOffset? EndTime { get; init; }
    public string Status { get; init; } = "";
    public string? ReasonForIncompletion { get; init; }
    public string? FailedReferenceTaskNames { get; init; }
    public string? ParentWorkflowId { get; init; }
}

/// <summary>A page of a search.</summary>
public sealed record SearchPage<T>
{
    public long TotalHits { get; init; }
    public IReadOnlyList<T> Results { get; init => field = value ?? []; } = [];
}
