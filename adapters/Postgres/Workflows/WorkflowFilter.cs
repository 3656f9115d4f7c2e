using System.Runtime.InteropServices;

namespace Conductor.Postgres.Workflows;

/// <summary>What to search executions for; null and empty mean anything.</summary>
public sealed record WorkflowFilter
{
    /// <summary>Definition names; a <c>*</c> stands for any characters.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
    /// <summary>Statuses by Conductor's names.</summary>
    public IReadOnlyList<string> Statuses { get; init; } = [];
    /// <summary>Ids.</summary>
    public IReadOnlyList<Guid> Ids { get; init; } = [];
    /// <summary>Correlation ids.</summary>
    public IReadOnlyList<string> CorrelationIds { get; init; } = [];
    /// <summary>Version of the definition.</summary>
    public int? Version { get; init; }
    /// <summary>Created at or after.</summary>
    public DateTimeOffset? From { get; init; }
    /// <summary>Created before.</summary>
    public DateTimeOffset? To { get; init; }
    /// <summary>
    /// Text that the input, output, reason, name, id or correlation id contains. Looked for in the newest <see cref="WorkflowSearch.TextWindow"/> of
    /// the executions that fit the rest: no index helps.
    /// </summary>
    public string? Text { get; init; }
    /// <summary>Oldest first instead of newest first.</summary>
    public bool OldestFirst { get; init; }
}

/// <summary>A place in a list: that of an execution, whether it is still there or not.</summary>
/// <param name="CreatedAt">When it was created, in whole microseconds.</param>
/// <param name="Id">The execution: the lower of two that were created at once is the newer one.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ListPlace(DateTimeOffset CreatedAt, Guid Id);

/// <summary>Which part of a list is wanted.</summary>
/// <param name="Size">Executions at most.</param>
public sealed record PageRequest(int Size)
{
    /// <summary>How many to pass over, which takes longer the more they are.</summary>
    public int Start { get; init; }
    /// <summary>The page begins after this place, however far down it is; null for the beginning of the list.</summary>
    public ListPlace? Place { get; init; }
    /// <summary>The page ends before <see cref="Place"/> instead.</summary>
    public bool Before { get; init; }
}

/// <summary>A page of a list.</summary>
/// <param name="Total">How many executions the list has, or <see cref="WorkflowSearch.MostCounted"/>.</param>
/// <param name="IsCapped">There are more than <paramref name="Total"/>.</param>
/// <param name="Executions">The page.</param>
/// <param name="Next">The place after which the list goes on; null at its end.</param>
/// <param name="Previous">The place before which there is more of the list; null at its beginning.</param>
public sealed record FoundPage(long Total, bool IsCapped, IReadOnlyList<StoredExecution> Executions, ListPlace? Next, ListPlace? Previous);
