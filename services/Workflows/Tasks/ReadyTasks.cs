using System.Diagnostics.CodeAnalysis;
using Conductor.Postgres.Workflows;

namespace Conductor.Workflows.Tasks;

/// <summary>
/// Tasks of a queue that can be handed out: the highest priority first; within one, definitions take turns, and those of a definition go in the order in
/// which they became due. Each is held once. Not thread-safe.
/// </summary>
internal sealed class ReadyTasks
{
    private readonly SortedDictionary<int, Turns> _byPriority = new(Comparer<int>.Create((x, y) => y.CompareTo(x)));
    // What was removed stays in its line until its turn.
    private readonly Dictionary<Guid, QueuedTask> _current = [];

    public int Count => _current.Count;

    /// <summary>The lowest priority of a task that is held.</summary>
    public int Lowest => _byPriority.Count == 0 ? int.MinValue : _byPriority.Keys.Last();

    /// <summary>Adds a task, unless it is there.</summary>
    public void Add(QueuedTask task)
    {
        if (!_current.TryAdd(task.TaskId, task)) return;
        if (!_byPriority.TryGetValue(task.Priority, out var turns)) _byPriority[task.Priority] = turns = new();
        turns.Add(task);
    }

    public void Remove(Guid taskId) => _current.Remove(taskId);

    public bool TryTake([NotNullWhen(true)] out QueuedTask? task)
    {
        while (_byPriority.Count > 0)
        {
            var (priority, turns) = _byPriority.First();
            task = turns.Take();
            if (turns.IsEmpty) _byPriority.Remove(priority);
            if (!_current.TryGetValue(task.TaskId, out var current) || !ReferenceEquals(task, current)) continue;
            _current.Remove(task.TaskId);
            return true;
        }
        task = null;
        return false;
    }

    private sealed class Turns
    {
        private readonly Dictionary<string, PriorityQueue<QueuedTask, (DateTimeOffset, Guid)>> _byDefinition = [];
        private readonly Queue<string> _order = new();

        public bool IsEmpty => _order.Count == 0;

        public void Add(QueuedTask task)
        {
            if (!_byDefinition.TryGetValue(task.Workflow, out var tasks))
            {
                _byDefinition[task.Workflow] = tasks = new();
                _order.Enqueue(task.Workflow);
            }
            tasks.Enqueue(task, (task.Due, task.TaskId));
        }

        public QueuedTask Take()
        {
            var definition = _order.Dequeue();
            var tasks = _byDefinition[definition];
            var task = tasks.Dequeue();
            if (tasks.Count > 0) _order.Enqueue(definition);
            else _byDefinition.Remove(definition);
            return task;
        }
    }
}
