using Conductor.Console.Components;

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

/// <summary>Which page of a search: the first, or the one after or before a place that an answer has named.</summary>
internal sealed record PageAt(int Size, string? After = null, string? Before = null);

/// <summary>A page of a search.</summary>
public sealed record SearchPage<T>
{
    public long TotalHits { get; init; }
    /// <summary>There are more.</summary>
    public bool TotalIsCapped { get; init; }
    /// <summary>In how many, the newest ones, text was looked for, if it was.</summary>
    public int? TextSearchedInNewest { get; init; }
    /// <summary>The place after which the list goes on; null at its end.</summary>
    public string? Next { get; init; }
    /// <summary>The place before which there is more of it; null at its beginning.</summary>
    public string? Previous { get; init; }
    public IReadOnlyList<T> Results { get; init => field = value ?? []; } = [];

    internal Total Total => new(TotalHits, TotalIsCapped);
}

/// <summary><c>GET /api/workflow/counts</c>.</summary>
public sealed record StatusTotals
{
    public IReadOnlyDictionary<string, long> Counts { get; init => field = value ?? new Dictionary<string, long>(); } = new Dictionary<string, long>();
    /// <summary>Statuses that have more workflows than were counted.</summary>
    public IReadOnlyList<string> Capped { get; init => field = value ?? []; } = [];
}
