using System.Collections.Concurrent;
using System.Text.Json;
using Conductor.Worker.Execution;

namespace Conductor.Worker;

/// <summary>One attempt of a task, as its worker sees it.</summary>
public sealed class TaskContext
{
    private readonly Assignment _assignment;
    private readonly ConcurrentQueue<string> _logs = new();

    internal TaskContext(Assignment assignment) => _assignment = assignment;

    /// <summary>Execution that the task belongs to.</summary>
    public string WorkflowId => _assignment.WorkflowId;

    /// <summary>Id of this attempt; a retry has another one. A good key to make an effect happen once.</summary>
    public string TaskId => _assignment.TaskId;

    /// <summary>The task type.</summary>
    public string TaskType => _assignment.TaskType;

    /// <summary>Reference name in the definition.</summary>
    public string ReferenceName => _assignment.ReferenceName;

    /// <summary>Name of the workflow definition.</summary>
    public string WorkflowName => _assignment.WorkflowName;

    /// <summary>The execution's correlation id.</summary>
    public string? CorrelationId => _assignment.CorrelationId;

    /// <summary>0 for the first attempt.</summary>
    public int Attempt => _assignment.Attempt;

    /// <summary>The input as it came.</summary>
    public JsonElement Input => _assignment.Input;

    internal TimeSpan? Callback { get; private set; }

    internal IReadOnlyList<string> Logs => [.. _logs];

    /// <summary>Adds a line to the task's log; it is sent with the result.</summary>
    public void Log(string line) => _logs.Enqueue(line);

    /// <summary>Not done yet: what the worker returns is the output so far, and the attempt is handed out again after <paramref name="delay"/>.</summary>
    public void CallbackAfter(TimeSpan delay) => Callback = delay > TimeSpan.Zero ? delay : TimeSpan.Zero;
}
