using System.Text.Json;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Tasks;

namespace Conductor.Postgres.Workflows;

/// <summary>The events of a batch, folded into the rows that they leave behind: an attempt that changes twice is written once.</summary>
internal sealed class BatchRows
{
    private readonly Dictionary<Guid, TaskWrite> _tasks = [];
    private readonly Dictionary<Guid, QueueWrite> _queue = [];
    private readonly Dictionary<Guid, TimerStartedRow> _timers = [];

    public IEnumerable<TaskWrite> Tasks => _tasks.Values;
    public IEnumerable<QueueWrite> Queued => _queue.Values;
    public IEnumerable<TimerStartedRow> Timers => _timers.Values;
    public List<HistoryRow> History { get; } = [];
    public HashSet<Guid> OffQueue { get; } = [];
    public Dictionary<Guid, DateTimeOffset> Leased { get; } = [];
    public List<(Guid TaskId, DateTimeOffset At, string Line)> Logs { get; } = [];
    /// <summary>Queues on which tasks can be taken after the commit: new ones, or such as a limit has held back.</summary>
    public HashSet<string> Signalled { get; } = [];
    public HashSet<Guid> TimersCanceled { get; } = [];
    public List<(Guid Workflow, DateTimeOffset At)> Canceled { get; } = [];
    public HashSet<Guid> Wiped { get; } = [];
    public HashSet<Guid> Ended { get; } = [];
    public Dictionary<Guid, JsonElement> Inputs { get; } = [];
    public Dictionary<Guid, JsonElement?> Outputs { get; } = [];

    public void Add(InstanceChange change)
    {
        var (id, number) = (change.Row.Instance.WorkflowId, change.Row.NextEvent);
        foreach (var happened in change.Events)
        {
            History.Add(new HistoryRow(id, number++, happened.At, happened.GetType().Name, (happened as TaskEvent)?.Task.TaskId, Detail(happened)));
            if (happened is TaskEvent { Logs.Count: > 0 } logged) Logs.AddRange(logged.Logs.Select(line => (logged.Task.TaskId, happened.At, line)));
            Add(id, happened, change.Trace);
        }
    }

    private void Add(Guid workflow, WorkflowEvent happened, string? trace)
    {
        switch (happened)
        {
            case WorkflowStarted e: Inputs[workflow] = e.Input; break;
            case TaskScheduled e: Put(e.Task, isNew: true); Enqueue(new(e.Task, e.Queue, e.AvailableAt, e.Deadlines, trace)); break;
            case TaskSkipped e: Put(e.Task, isNew: true); break;
            case TaskRequeued e: Put(e.Task, isNew: false); Enqueue(new(e.Task, e.Queue, e.AvailableAt, e.Deadlines, trace)); break;
            case TaskLeaseExtended e: Put(e.Task, isNew: false); Leased[e.Task.TaskId] = e.At; break;
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

    private void Put(TaskRecord task, bool isNew) =>
        _tasks[task.TaskId] = new TaskWrite(task, isNew || (_tasks.TryGetValue(task.TaskId, out var before) && before.IsNew));

    private void Enqueue(QueueWrite queued)
    {
        // A task that no worker executes has a row for its deadlines only.
        if (queued.Queue is not null || queued.Deadlines != TaskDeadlines.None) _queue[queued.Task.TaskId] = queued;
        if (queued.Queue is not null) Signalled.Add(queued.Queue);
    }

    private void Dequeue(TaskRecord task)
    {
        _queue.Remove(task.TaskId);
        OffQueue.Add(task.TaskId);
        if (task.ConcurrentExecLimit > 0) Signalled.Add(WorkerDomain.QueueOf(task.TaskType, task.Domain));
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

    // Payloads stay in the rows that own them; the history says what happened, when and why.
    private static string? Detail(WorkflowEvent happened) => happened switch
    {
        TaskEvent e => e.Task.Reason is null ? null : JsonSerializer.Serialize(new { status = e.Task.Status.Name(), reason = e.Task.Reason }),
        ExecutionEnded { Reason: { } reason } => JsonSerializer.Serialize(new { reason }),
        VariablesSet e => e.Variables.GetRawText(),
        TimerStarted e => JsonSerializer.Serialize(new { token = e.Token, due = e.Due, purpose = e.Purpose.ToString() }),
        JoinCounted e => JsonSerializer.Serialize(new { join = e.ReferenceName, waiting = e.Progress?.Waiting ?? 0 }),
        FailureWorkflowRequested e => JsonSerializer.Serialize(new { workflow = e.WorkflowId, name = e.Name }),
        _ => null,
    };
}

internal readonly record struct TaskWrite(TaskRecord Task, bool IsNew);

/// <param name="Task">The attempt.</param>
/// <param name="Queue">Its queue; null where no worker executes it.</param>
/// <param name="Due">When it may be handed out.</param>
/// <param name="Deadlines">Its deadlines.</param>
/// <param name="Trace">The trace that made it ready.</param>
internal sealed record QueueWrite(TaskRecord Task, string? Queue, DateTimeOffset Due, TaskDeadlines Deadlines, string? Trace);

internal sealed record TimerStartedRow(Guid Token, Guid WorkflowId, Guid? TaskId, TimerPurpose Purpose, DateTimeOffset Due);

internal sealed record HistoryRow(Guid WorkflowId, int Number, DateTimeOffset At, string Kind, Guid? TaskId, string? Detail);
