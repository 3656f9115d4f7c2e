using System.Text.Json;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;

namespace Conductor.Postgres.Workflows;

/// <summary>The events of a batch, folded into the rows that they leave behind: an attempt that changes twice is written once.</summary>
internal sealed class BatchRows(int executions)
{
    private readonly Dictionary<Guid, TaskWrite> _tasks = new(2 * executions);
    private readonly Dictionary<Guid, QueuedTask> _queue = new(executions);
    private readonly Dictionary<Guid, TimerStartedRow> _timers = [];

    public IEnumerable<TaskWrite> Tasks => _tasks.Values;
    public IReadOnlyCollection<QueuedTask> Queued => _queue.Values;
    public IEnumerable<TimerStartedRow> Timers => _timers.Values;
    public List<HistoryRow> History { get; } = new(executions);
    public HashSet<Guid> OffQueue { get; } = new(executions);
    public HashSet<Guid> Uncounted { get; } = [];
    public List<(Guid TaskId, DateTimeOffset At, string Line)> Logs { get; } = [];
    public HashSet<Guid> TimersCanceled { get; } = [];
    public List<(Guid Workflow, DateTimeOffset At)> Canceled { get; } = [];
    public HashSet<Guid> Wiped { get; } = [];
    public HashSet<Guid> Ended { get; } = [];
    public Dictionary<Guid, JsonElement> Inputs { get; } = [];
    public Dictionary<Guid, JsonElement?> Outputs { get; } = [];

    public void Add(InstanceChange change)
    {
        var id = change.Row.Instance.WorkflowId;
        if (change.Events.Count > 0) History.Add(new HistoryRow(id, change.Row.NextEvent, change.Events[^1].At, HistoryJson.Write(change.Events)));
        for (var i = 0; i < change.Events.Count; i++)
        {
            var happened = change.Events[i];
            if (happened is TaskEvent { Logs.Count: > 0 } logged) Logs.AddRange(logged.Logs.Select(line => (logged.Task.TaskId, happened.At, line)));
            Add(change.Row.Instance, happened, change.Trace);
        }
    }

    private void Add(WorkflowInstance instance, WorkflowEvent happened, string? trace)
    {
        var workflow = instance.WorkflowId;
        switch (happened)
        {
            case WorkflowStarted e: Inputs[workflow] = e.Input; break;
            case TaskScheduled e: Put(e.Task, isNew: true); Enqueue(instance, e.Task, e.Queue, e.AvailableAt, trace); break;
            case TaskSkipped e: Put(e.Task, isNew: true); break;
            case TaskRequeued e: Put(e.Task, isNew: false); Enqueue(instance, e.Task, e.Queue, e.AvailableAt, trace); break;
            case TaskHandedOut e: Put(e.Task, isNew: false); Dequeue(e.Task); break;
            case TaskEvent e: Put(e.Task, isNew: false); if (e.Task.Status.IsTerminal()) Dequeue(e.Task); break;
            case OpenTasksCanceled e: CancelOpen(workflow, e.At); break;
            case TimerStarted e: _timers[e.Token] = new TimerStartedRow(e.Token, workflow, e.TaskId, e.Purpose, e.Due); break;
            case TimerCanceled e: if (!_timers.Remove(e.Token)) TimersCanceled.Add(e.Token); break;
            case ExecutionEnded e: Outputs[workflow] = e.Output; Ended.Add(workflow); RemoveTimers(workflow); break;
            case WorkflowRestarted: Wipe(workflow); break;
            case JoinCounted or VariablesSet or PermissiveFailureNoted or FailureWorkflowRequested: break;
            case WorkflowPaused or WorkflowResumed or WorkflowRetried: break;
            default: throw new NotSupportedException($"the store does not know the event {happened.GetType().Name}");
        }
    }

    private void Put(TaskRecord task, bool isNew)
    {
        _tasks[task.TaskId] = new TaskWrite(task, isNew || (_tasks.TryGetValue(task.TaskId, out var before) && before.IsNew));
        if (task.IsCounted && task.Status != WorkflowTaskStatus.InProgress) Uncounted.Add(task.TaskId);
    }

    private void Enqueue(WorkflowInstance instance, TaskRecord task, string? queue, DateTimeOffset due, string? trace)
    {
        if (queue is not null) _queue[task.TaskId] = new QueuedTask(task.TaskId, task.WorkflowId, queue, instance.Name, task.Priority, due, trace);
    }

    private void Dequeue(TaskRecord task)
    {
        if (!_queue.Remove(task.TaskId)) OffQueue.Add(task.TaskId);
    }

    private void CancelOpen(Guid workflow, DateTimeOffset at)
    {
        Canceled.Add((workflow, at));
        foreach (var (task, isNew) in _tasks.Values.Where(t => t.Task.WorkflowId == workflow && !t.Task.Status.IsTerminal()).ToList())
        {
            _tasks[task.TaskId] = new TaskWrite(task with { Status = WorkflowTaskStatus.Canceled, EndTime = at, UpdateTime = at }, isNew);
            _queue.Remove(task.TaskId);
        }
    }

    private void Wipe(Guid workflow)
    {
        Wiped.Add(workflow);
        Outputs[workflow] = null;
        foreach (var id in _tasks.Values.Where(t => t.Task.WorkflowId == workflow).Select(t => t.Task.TaskId).ToList())
        {
            _tasks.Remove(id);
            _queue.Remove(id);
        }
        RemoveTimers(workflow);
    }

    private void RemoveTimers(Guid workflow)
    {
        foreach (var token in _timers.Values.Where(t => t.WorkflowId == workflow).Select(t => t.Token).ToList()) _timers.Remove(token);
    }
}

internal readonly record struct TaskWrite(TaskRecord Task, bool IsNew);

internal sealed record TimerStartedRow(Guid Token, Guid WorkflowId, Guid? TaskId, TimerPurpose Purpose, DateTimeOffset Due);

internal sealed record HistoryRow(Guid WorkflowId, int Number, DateTimeOffset At, string Events);
