namespace Conductor.Worker;

/// <summary>
/// Marks a method as the worker of one task type. It may take the task's input (any type that JSON fits, or JsonElement), a
/// <see cref="TaskContext"/> and a CancellationToken, and returns the output, or a Task of it, or nothing.
/// </summary>
/// <param name="taskType">The task type, as definitions name it.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WorkerTaskAttribute(string taskType) : Attribute
{
    /// <summary>The task type, as definitions name it.</summary>
    public string TaskType { get; } = taskType;

    /// <summary>How many attempts run at a time. Default 1.</summary>
    public int Concurrency { get; set; } = 1;

    /// <summary>Worker domain, or null.</summary>
    public string? Domain { get; set; }
}
