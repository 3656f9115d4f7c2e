using Conductor.Worker.Handlers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Conductor.Worker;

/// <summary>Collects the workers of a process and how they reach the server.</summary>
public sealed class ConductorWorkersBuilder
{
    private readonly IServiceCollection _services;

    internal ConductorWorkersBuilder(IServiceCollection services) => _services = services;

    internal List<TaskHandler> Handlers { get; } = [];

    internal bool IsOnBus { get; private set; }

    /// <summary>Who this process is to the server. Default: machine name and process id.</summary>
    public string WorkerId { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>How long running tasks may take to finish when the process stops; then they are given back. Default 15 s.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the server may hold a poll over HTTP while it has no task. Default 1 s; servers allow up to 5 s.</summary>
    public TimeSpan PollTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Takes tasks from the bus (queue <c>task.TYPE</c>) that the process has configured, instead of polling over HTTP.</summary>
    public ConductorWorkersBuilder UseBus()
    {
        IsOnBus = true;
        return this;
    }

    /// <summary>Adds a delegate as the worker of <paramref name="taskType"/>.</summary>
    public ConductorWorkersBuilder Add<TInput, TOutput>(
        string taskType, Func<TInput, TaskContext, CancellationToken, Task<TOutput>> execute, int concurrency = 1, string? domain = null) =>
        Add(new TaskHandler(taskType, domain, concurrency, async (_, task, cancellationToken) =>
            await execute(TaskJson.Read<TInput>(task.Input), task, cancellationToken)));

    /// <summary>Adds the methods of <typeparamref name="T"/> that carry <see cref="WorkerTaskAttribute"/>; each attempt gets its own scope.</summary>
    public ConductorWorkersBuilder AddFrom<T>() where T : class
    {
        _services.TryAddScoped<T>();
        foreach (var handler in MethodHandlers.Of<T>()) Add(handler);
        return this;
    }

    private ConductorWorkersBuilder Add(TaskHandler handler)
    {
        if (Handlers.Exists(h => h.TaskType == handler.TaskType && h.Domain == handler.Domain))
            throw new ArgumentException($"task type {handler.TaskType} has two workers in this process");
        Handlers.Add(handler);
        return this;
    }
}
