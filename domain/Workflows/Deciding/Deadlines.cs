using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Deadlines of an attempt from its task definition.</summary>
internal static class Deadlines
{
    public static TaskDeadlines Of(TaskRecord row, TaskDefinition definition, DateTimeOffset availableAt)
    {
        if (row.Status.IsTerminal()
            || definition is { PollTimeoutSeconds: null or <= 0, ResponseTimeoutSeconds: <= 0, TimeoutSeconds: <= 0, TotalTimeoutSeconds: <= 0 })
            return TaskDeadlines.None;
        var poll = definition.PollTimeoutSeconds is > 0 and { } seconds && row.Status == WorkflowTaskStatus.Scheduled
            ? availableAt.AddSeconds(seconds)
            : (DateTimeOffset?)null;
        return new(poll, Span(definition.ResponseTimeoutSeconds), Span(definition.TimeoutSeconds), Total(row, definition));
    }

    /// <summary>Whether the deadline of the row has passed; false for a stale notice.</summary>
    public static bool HasPassed(TaskTimeout kind, TaskRecord row, TaskDefinition definition, DateTimeOffset now) => kind switch
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
