using System.Collections.Concurrent;
using Conductor.Domain.Workflows.Tasks;
using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Metrics;

namespace Conductor.Workflows.Tasks;

/// <summary>Long polls of all workers: one lane per queue, so that any number of waiting workers cost one query when a task comes.</summary>
internal sealed class TaskPolls(
    WaitingTasks tasks, TypeLimits limits, Alarm alarm, BackgroundLoops loops, TimeProvider time, PollLog log, WorkflowMetrics metrics,
    IHostApplicationLifetime lifetime)
{
    private readonly ConcurrentDictionary<string, PollLane> _lanes = new();

    /// <summary>Takes up to <paramref name="count"/> tasks of a type (in a domain); waits for the first one as long as <paramref name="timeout"/>.</summary>
    public async Task<IReadOnlyList<HandedOutTask>> PollAsync(
        string taskType, string? domain, string? workerId, int count, TimeSpan timeout, CancellationToken cancellationToken)
    {
        log.Polled(taskType, domain, workerId);
        var queue = WorkerDomain.QueueOf(taskType, domain);
        var lane = _lanes.GetOrAdd(queue, name => new PollLane(
            name, new QueueSource(name, taskType, tasks, limits, alarm, time), loops, time, lifetime.ApplicationStopping));
        var taken = await lane.PollAsync(workerId, count, timeout, cancellationToken);
        metrics.HandedOut(taken);
        return taken;
    }

    /// <summary>There may be tasks on this queue (or on any).</summary>
    public void Signal(string queue)
    {
        if (queue != Notifications.Every)
        {
            if (_lanes.TryGetValue(queue, out var lane)) lane.Signal();
            return;
        }
        foreach (var lane in _lanes.Values) lane.Signal();
    }

    private sealed class QueueSource(string queue, string taskType, WaitingTasks waiting, TypeLimits limits, Alarm alarm, TimeProvider time) : ITaskSource
    {
        public async Task<(IReadOnlyList<HandedOutTask> Tasks, DateTimeOffset? NextDue)> TakeAsync(string?[] workers, CancellationToken cancellationToken)
        {
            var limit = await limits.OfAsync(taskType, cancellationToken);
            var (tasks, nextDue) = await waiting.TakeAsync(new TaskRequest(queue, workers, time.GetUtcNow(), limit), cancellationToken);
            foreach (var task in tasks) alarm.Expect(task.Deadline);
            return (tasks, nextDue);
        }

        public Task GiveBackAsync(IReadOnlyList<HandedOutTask> tasks, CancellationToken cancellationToken) =>
            waiting.GiveBackAsync([.. tasks.Select(t => t.Task.TaskId)], time.GetUtcNow(), cancellationToken);
    }
}

/// <summary>Where a lane takes tasks from.</summary>
internal interface ITaskSource
{
    /// <summary>Takes at most one task for each of the workers, and tells when the next one is due.</summary>
    Task<(IReadOnlyList<HandedOutTask> Tasks, DateTimeOffset? NextDue)> TakeAsync(string?[] workers, CancellationToken cancellationToken);

    /// <summary>Puts tasks back that nobody is there to execute.</summary>
    Task GiveBackAsync(IReadOnlyList<HandedOutTask> tasks, CancellationToken cancellationToken);
}
