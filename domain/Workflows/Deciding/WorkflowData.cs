using System.Runtime.InteropServices;
using System.Text.Json;
using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Data that a decision needs beside the state.</summary>
/// <param name="WorkflowInput">The execution's input.</param>
/// <param name="AllTasks">Every attempt of the execution.</param>
/// <param name="Tasks">The latest attempt of each of these reference names.</param>
public sealed record DataRequest(bool WorkflowInput, bool AllTasks, IReadOnlySet<string> Tasks)
{
    /// <summary>Nothing.</summary>
    public static DataRequest None { get; } = new(WorkflowInput: false, AllTasks: false, new HashSet<string>());
    /// <summary>Nothing is asked for.</summary>
    public bool IsEmpty => !WorkflowInput && !AllTasks && Tasks.Count == 0;
}

/// <summary>The data of one execution that is loaded. Not thread-safe; one per command or per batch of commands on one execution.</summary>
public sealed class WorkflowData
{
    private readonly Dictionary<string, TaskRecord?> _latest = [];
    private Dictionary<Guid, TaskRecord>? _all;

    /// <summary>The execution's input, when loaded.</summary>
    public JsonElement? Input { get; private set; }

    /// <summary>Every attempt by seq, when loaded.</summary>
    public IReadOnlyList<TaskRecord>? All => _all is null ? null : [.. _all.Values.OrderBy(task => task.Seq)];

    /// <summary>Adds the input.</summary>
    public WorkflowData WithInput(JsonElement input)
    {
        Input = input;
        return this;
    }

    /// <summary>Adds the latest attempt (the one with the highest seq) of a reference name of the definition, or that there is none.</summary>
    public WorkflowData WithTask(string referenceName, TaskRecord? latest)
    {
        _latest[referenceName] = latest;
        return this;
    }

    /// <summary>Adds every attempt, in any order.</summary>
    public WorkflowData WithAllTasks(IEnumerable<TaskRecord> tasks)
    {
        _all = [];
        foreach (var task in tasks.OrderBy(task => task.Seq)) Put(task);
        return this;
    }

    /// <summary>True when it is known whether there is an attempt of the reference name, and which is the latest.</summary>
    public bool TryLatest(string referenceName, out TaskRecord? task) => _latest.TryGetValue(referenceName, out task) || _all is not null;

    /// <summary>Takes over what a decision has changed, so that the next command on the same execution can be decided without loading again.</summary>
    public void Apply(IReadOnlyList<WorkflowEvent> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            var fact = events[i];
            switch (fact)
            {
                case TaskEvent { Task: var task }: Put(task); break;
                case WorkflowStarted started: Begin(started.Input); break;
                case WorkflowRestarted: Begin(Input); break;
                case OpenTasksCanceled: CancelOpen(fact.At); break;
            }
        }
    }

    /// <summary>
    /// Forgets what a later decision can load again: the list of all attempts, and, where that is more than <paramref name="mostBytes"/>, everything.
    /// </summary>
    /// <returns>About how many bytes of payloads are left.</returns>
    public int Trim(int mostBytes = 64 * 1024)
    {
        _all = null;
        var bytes = (Input is { } input ? SizeOf(input) : 0) + _latest.Values.Sum(task => task is null ? 0 : SizeOf(task));
        if (bytes <= mostBytes) return bytes;
        _latest.Clear();
        Input = null;
        return 0;
    }

    /// <summary>About how many bytes an attempt holds.</summary>
    public static int SizeOf(TaskRecord task) => 500 + SizeOf(task.Input) + SizeOf(task.Output);

    private static int SizeOf(JsonElement json) => json.ValueKind == JsonValueKind.Undefined ? 0 : JsonMarshal.GetRawUtf8Value(json).Length;

    private void Begin(JsonElement? input)
    {
        _latest.Clear();
        (Input, _all) = (input, []);
    }

    /// <summary>An older attempt (one that is marked as retried) does not hide the latest.</summary>
    private void Put(TaskRecord task)
    {
        if (!_latest.TryGetValue(task.NodeReference, out var known) || known is null || known.Seq <= task.Seq) _latest[task.NodeReference] = task;
        if (_all is not null) _all[task.TaskId] = task;
    }

    private void CancelOpen(DateTimeOffset now)
    {
        TaskRecord Canceled(TaskRecord task) =>
            task.Status.IsTerminal() ? task : task with { Status = WorkflowTaskStatus.Canceled, EndTime = now, UpdateTime = now };
        foreach (var (name, task) in _latest.ToList()) _latest[name] = task is null ? null : Canceled(task);
        foreach (var task in _all?.Values.ToList() ?? []) _all![task.TaskId] = Canceled(task);
    }
}
