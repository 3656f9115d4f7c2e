using Conductor.Contracts.Workflows;

namespace Conductor.Worker.Handlers;

/// <summary>The worker of one task type: what to call, and how many at a time.</summary>
internal sealed class TaskHandler
{
    public TaskHandler(string taskType, string? domain, int concurrency, Func<IServiceProvider, TaskContext, CancellationToken, Task<object?>> execute)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(taskType);
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        (TaskType, Domain, Concurrency, ExecuteAsync) = (taskType, domain, concurrency, execute);
    }

    public string TaskType { get; }

    public string? Domain { get; }

    public int Concurrency { get; }

    public Func<IServiceProvider, TaskContext, CancellationToken, Task<object?>> ExecuteAsync { get; }

    /// <summary>Where ExecuteTask commands for it arrive.</summary>
    public string QueueName => WorkflowQueues.OfTask(TaskType, Domain);
}
