using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Deadlines of an attempt from its task definition.</summary>
public static class Deadlines
{
    private static readonly TaskTimeout[] Every = [TaskTimeout.Total, TaskTimeout.Overall, TaskTimeout.Response, TaskTimeout.Poll];
    private static readonly TaskTimeout[] ResponseOnly = [TaskTimeout.Response];

    /// <summary>The next deadline of an attempt that has a consequence; null when it has ended or has none. Raise <see cref="TimeOutTask"/> then.</summary>
    /// <param name="row">The attempt.</param>
    /// <param name="definition">Its task's definition.</param>
    /// <param name="handedOut">As if it were handed out then.</param>
    public static DateTimeOffset? Next(TaskRecord row, TaskDefinition definition, DateTimeOffset? handedOut = null)
    {
        if (row.Status.IsTerminal()) return null;
        DateTimeOffset? next = null;
        foreach (var kind in Kinds(definition))
            if (At(kind, row, definition, handedOut) is { } at && !(at >= next)) next = at;
        return next;
    }

    /// <summary>Which deadline of the row has passed, of those that have a consequence; null for a stale notice.</summary>
    internal static TaskTimeout? Passed(TaskRecord row, TaskDefinition definition, DateTimeOffset now)
    {
        foreach (var kind in Kinds(definition))
            if (now >= At(kind, row, definition, handedOut: null)) return kind;
        return null;
    }

    internal static DateTimeOffset? Total(TaskRecord row, TaskDefinition definition) =>
        definition.TotalTimeoutSeconds > 0 ? row.FirstScheduledTime?.AddSeconds(definition.TotalTimeoutSeconds) : null;

    // Conductor's ALERT_ONLY leaves the attempt alone; only a worker's silence still ends it.
    private static TaskTimeout[] Kinds(TaskDefinition definition) => definition.TimeoutPolicy == TaskTimeoutPolicy.AlertOnly ? ResponseOnly : Every;

    private static DateTimeOffset? At(TaskTimeout kind, TaskRecord row, TaskDefinition definition, DateTimeOffset? handedOut) => kind switch
    {
        TaskTimeout.Poll => handedOut is null && row.Status == WorkflowTaskStatus.Scheduled && definition.PollTimeoutSeconds is > 0 and { } seconds
            ? row.UpdateTime?.AddSeconds(row.CallbackAfterSeconds + seconds) : null,
        TaskTimeout.Response => (handedOut is not null || row.Status == WorkflowTaskStatus.InProgress) && definition.ResponseTimeoutSeconds > 0
            ? (handedOut ?? row.UpdateTime)?.AddSeconds(definition.ResponseTimeoutSeconds) : null,
        TaskTimeout.Overall => definition.TimeoutSeconds > 0 ? (row.StartTime ?? handedOut)?.AddSeconds(definition.TimeoutSeconds) : null,
        TaskTimeout.Total => Total(row, definition),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
