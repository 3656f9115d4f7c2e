using System.Collections.Concurrent;
using Conductor.Domain.Workflows.Tasks;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Metrics;

namespace Conductor.Workflows.Tasks;

/// <summary>The queues of this server: the tasks that it is to hand out, and the workers that wait here.</summary>
internal sealed class TaskQueues : IDisposable
{
    private readonly ConcurrentDictionary<string, TaskQueue> _queues = new();
    private readonly ConcurrentDictionary<string, byte> _vain = new();
    private readonly PollLog _log;
    private readonly WorkflowMetrics _metrics;
    private readonly Func<string, TaskQueue> _create;

    public TaskQueues(
        HandOuts handOuts, PollLog log, WorkflowMetrics metrics, TimeProvider time, ILogger<TaskQueue> logger, IHostApplicationLifetime lifetime)
    {
        (_log, _metrics) = (log, metrics);
        _create = _ => new TaskQueue(handOuts, time, logger, () => Refill?.Invoke(), lifetime.ApplicationStopping);
        lifetime.ApplicationStopping.Register(() =>
        {
            foreach (var queue in _queues.Values) queue.Close();
        });
    }

    /// <summary>Called when a queue has room for tasks that it had none for.</summary>
    public Action? Refill { get; set; }

    /// <summary>Takes up to <paramref name="count"/> tasks of a type (in a domain); waits for the first one as long as <paramref name="timeout"/>.</summary>
    public async Task<IReadOnlyList<HandedOutTask>> PollAsync(
        string taskType, string? domain, string? workerId, int count, TimeSpan timeout, CancellationToken cancellationToken)
    {
        _log.Polled(taskType, domain, workerId);
        var name = WorkerDomain.QueueOf(taskType, domain);
        while (true)
        {
            var queue = Of(name);
            if (await queue.PollAsync(workerId, count, timeout, cancellationToken) is not { } taken)
            {
                Drop(name, queue);
                continue;
            }
            // Whoever polls for something that is nowhere leaves nothing behind.
            if (taken.Count == 0)
            {
                AskedInVain(name);
                if (queue.TryRetire()) Drop(name, queue);
            }
            _metrics.HandedOut(taken);
            return taken;
        }
    }

    /// <summary>Queues at which a worker waits in vain, or has asked in vain since the last call.</summary>
    public IReadOnlyCollection<string> TakeWanting()
    {
        var wanting = _queues.Where(queue => queue.Value.IsWanting).Select(queue => queue.Key).ToHashSet();
        foreach (var name in _vain.Keys)
            if (_vain.TryRemove(name, out _)) wanting.Add(name);
        return wanting;
    }

    /// <summary>Somebody has asked a queue in vain: other servers may have tasks for it.</summary>
    public void AskedInVain(string name) => _vain[name] = 0;

    /// <summary>The queue of a name.</summary>
    public TaskQueue Of(string name) => _queues.GetOrAdd(name, _create);

    /// <summary>A task waits for a worker here.</summary>
    public void Add(QueuedTask task)
    {
        for (var queue = Of(task.Queue); !queue.TryAdd(task); queue = Of(task.Queue)) Drop(task.Queue, queue);
    }

    /// <summary>Limits may let more through: definitions have changed, or attempts have ended.</summary>
    public void Unblock()
    {
        foreach (var queue in _queues.Values) queue.Unblock();
    }

    private void Drop(string name, TaskQueue retired)
    {
        if (_queues.TryRemove(new(name, retired))) retired.Dispose();
    }

    public void Dispose()
    {
        foreach (var queue in _queues.Values) queue.Dispose();
    }
}
