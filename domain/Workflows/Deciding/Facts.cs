using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>The event that tells the end of an attempt, by its status.</summary>
internal static class Facts
{
    public static Func<TaskRecord, TaskEvent> Ended(DateTimeOffset now) => row => row.Status switch
    {
        WorkflowTaskStatus.Completed => new TaskCompleted { At = now, Task = row },
        WorkflowTaskStatus.TimedOut => new TaskTimedOut { At = now, Task = row },
        WorkflowTaskStatus.Canceled => new TaskCanceled { At = now, Task = row },
        _ => new TaskFailed { At = now, Task = row },
    };
}
