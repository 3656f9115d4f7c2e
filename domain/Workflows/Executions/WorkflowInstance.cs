using System.Collections.Immutable;
using System.Text.Json;

namespace Conductor.Domain.Workflows.Executions;

/// <summary>
/// The state of an execution. It does not grow with the number of tasks that have ended. It serialises with
/// <see cref="ExecutionJson.Options"/>; input and output are stored beside it.
/// </summary>
public sealed record WorkflowInstance
{
    /// <summary>Id of the execution.</summary>
    public required Guid WorkflowId { get; init; }
    /// <summary>Name of the definition.</summary>
    public required string Name { get; init; }
    /// <summary>Version of the definition.</summary>
    public required int Version { get; init; }
    /// <summary>Hash of the snapshot that it runs.</summary>
    public required string DefinitionHash { get; init; }
    /// <summary>Status.</summary>
    public WorkflowStatus Status { get; init; }
    /// <summary>The caller's own key for related executions.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>0 to 99.</summary>
    public int Priority { get; init; }
    /// <summary>Worker domain by task type.</summary>
    public ImmutableSortedDictionary<string, string> TaskToDomain { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
    /// <summary>Variables, a JSON object.</summary>
    public JsonElement Variables { get; init; }
    /// <summary>Seq of the next task.</summary>
    public int NextSeq { get; init; } = 1;
    /// <summary>Attempts that have not ended.</summary>
    public int OpenTasks { get; init; }
    /// <summary>Open JOINs by reference name.</summary>
    public ImmutableSortedDictionary<string, JoinProgress> Joins { get; init; } = ImmutableSortedDictionary<string, JoinProgress>.Empty;
    /// <summary>Reference names of tasks that ended while paused (or with the execution) and wait to be followed.</summary>
    public ImmutableArray<string> Deferred { get; init; } = [];
    /// <summary>Reference names that were skipped before they were reached.</summary>
    public ImmutableArray<string> SkippedAhead { get; init; } = [];
    /// <summary>Reference names of retried tasks whose followers exist already.</summary>
    public ImmutableArray<string> FollowedBefore { get; init; } = [];
    /// <summary>Permissive tasks that failed; the workflow fails with their reasons at its end.</summary>
    public ImmutableArray<PermissiveFailure> PermissiveFailures { get; init; } = [];
    /// <summary>Task names by reference name of every task that has failed so far; shown at the end.</summary>
    public ImmutableSortedDictionary<string, string> FailedSoFar { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
    /// <summary>Reference names of failed tasks, as of the last end.</summary>
    public ImmutableArray<string> FailedReferenceNames { get; init; } = [];
    /// <summary>Names of failed tasks, as of the last end.</summary>
    public ImmutableArray<string> FailedTaskNames { get; init; } = [];
    /// <summary>Why it did not complete.</summary>
    public string? Reason { get; init; }
    /// <summary>Task that made it fail.</summary>
    public Guid? FailureTaskId { get; init; }
    /// <summary>Token of the running workflow timeout; a timer with another token is stale.</summary>
    public Guid? TimeoutToken { get; init; }
    /// <summary>Reference name of the last scheduled attempt: its output is the workflow's where no output parameters are defined.</summary>
    public string? LastReference { get; init; }
    /// <summary>Who started it.</summary>
    public string? CreatedBy { get; init; }
    /// <summary>Execution that started it as a sub-workflow.</summary>
    public Guid? ParentWorkflowId { get; init; }
    /// <summary>Task of the parent.</summary>
    public Guid? ParentTaskId { get; init; }
    /// <summary>When it was created.</summary>
    public DateTimeOffset CreateTime { get; init; }
    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdateTime { get; init; }
    /// <summary>When it ended (kept after a retry).</summary>
    public DateTimeOffset? EndTime { get; init; }
    /// <summary>When it was last retried, resumed or restarted: the timeout counts from here.</summary>
    public DateTimeOffset? LastRetriedTime { get; init; }
}

/// <summary>How far a JOIN is.</summary>
/// <param name="TaskId">Attempt of the JOIN.</param>
/// <param name="Waiting">Joined tasks that have not ended.</param>
public sealed record JoinProgress(Guid TaskId, int Waiting);

/// <summary>A permissive task that failed for good.</summary>
/// <param name="ReferenceName">The task.</param>
/// <param name="Reason">Attempt, status and reason, as they will be shown.</param>
public sealed record PermissiveFailure(string ReferenceName, string Reason);
