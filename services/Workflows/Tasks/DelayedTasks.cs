using System.Diagnostics.CodeAnalysis;
using Conductor.Postgres.Workflows;

namespace Conductor.Workflows.Tasks;

/// <summary>Tasks that cannot be handed out yet, by their time. Each is held once. Not thread-safe.</summary>
internal sealed class DelayedTasks
{
    private readonly PriorityQueue<QueuedTask, DateTimeOffset> _byTime = new();
    // The time of each; what was put off or brought forward leaves an entry behind.
    private readonly Dictionary<Guid, DateTimeOffset> _due = [];

    /// <summary>When the next one is due.</summary>
    public DateTimeOffset? Next => _byTime.TryPeek(out _, out var due) ? due : null;

    /// <summary>Adds a task, or gives it another time.</summary>
    public void Add(QueuedTask task)
    {
        if (_due.TryGetValue(task.TaskId, out var due) && due == task.Due) return;
        _due[task.TaskId] = task.Due;
        _byTime.Enqueue(task, task.Due);
    }

    public bool TryTake(DateTimeOffset now, [NotNullWhen(true)] out QueuedTask? task)
    {
        while (Next <= now)
        {
            task = _byTime.Dequeue();
            if (_due.TryGetValue(task.TaskId, out var due) && due == task.Due && _due.Remove(task.TaskId)) return true;
        }
        task = null;
        return false;
    }
}
