using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Deadlines of an attempt from its task definition.</summary>
internal static class Deadlines
{
    private static readonly TaskTimeout[] Every = [TaskTimeout.Total, TaskTimeout.Overall, TaskTimeout.Response, TaskTimeout.Poll];
    private static readonly TaskTimeout[] ResponseOnly = [TaskTimeout.Response];

    public static TaskDeadlines Of(TaskRecord row, TaskDefinition definition, DateTimeOffset availableAt)
    {
        if (row.Status.IsTerminal()
            || definition is { PollTimeoutSeconds: null or <= 0, ResponseTimeoutSeconds: <= 0, TimeoutSeconds: <= 0, TotalTimeoutSeconds: <= 0 })
            return TaskDeadlines.None;
        if (OnlyAlerts(definition)) return new(null, Span(definition.ResponseTimeoutSeconds), null, null);
        var poll = definition.PollTimeoutSeconds is > 0 and { } seconds && row.Status == WorkflowTaskStatus.Scheduled
            ? availableAt.AddSeconds(seconds)
            : (DateTimeOffset?)null;
        return new(poll, Span(definition.ResponseTimeoutSeconds), Span(definition.TimeoutSeconds), Total(row, definition));
    }

    /// <summary>Which deadline of the row has passed, of those that have a consequence; null for a stale notice.</summary>
    public static TaskTimeout? Passed(TaskRecord row, TaskDefinition definition, DateTimeOffset now)
    {
        foreach (var kind in OnlyAlerts(definition) ? ResponseOnly : Every)
            if (HasPassed(kind, row, definition, now)) return kind;
        return null;
    }

    // Conductor's ALERT_ONLY leaves the attempt alone; only a worker's silence still ends it.
    private static bool OnlyAlerts(TaskDefinition definition) => definition.TimeoutPolicy == TaskTimeoutPolicy.AlertOnly;

    private static bool HasPassed(TaskTimeout kind, TaskRecord row, TaskDefinition definition, DateTimeOffset now) => kind switch
    {
        TaskTimeout.Poll => row.Status == WorkflowTaskStatus.Scheduled && definition.PollTimeoutSeconds is > 0 and { } seconds
            && now >= row.UpdateTime?.AddSeconds(row.CallbackAfterSeconds + seconds),
        TaskTimeout.Response => row.Status == WorkflowTaskStatus.InProgress && definition.ResponseTimeoutSeconds > 0
            && now >= row.UpdateTime?.AddSeconds(definition.ResponseTimeoutSeconds),
        TaskTimeout.Overall => definition.TimeoutSeconds > 0 && now >= row.StartTime?.AddSeconds(definition.TimeoutSeconds),
        TaskTimeout.Total => now >= Total(row, definition),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static DateTimeOffset? Total(TaskRecord row, TaskDefinition definition) =>
        definition.TotalTimeoutSeconds > 0 ? row.FirstScheduledTime?.AddSeconds(definition.TotalTimeoutSeconds) : null;

    private static TimeSpan? Span(long seconds) => seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
}
