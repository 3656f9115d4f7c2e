using Conductor.Postgres.Workflows;

namespace Conductor.Workflows.Tasks;

/// <summary>Hands tasks of a queue out to workers that they have been promised to, and tells the queue what came of it.</summary>
internal sealed partial class TaskGiver(TaskQueue queue, ITaskHandOut handOut, ILogger logger, CancellationToken stopping)
{
    /// <summary>Never throws: a failure reaches the workers.</summary>
    public async Task GiveAsync(List<(QueuedTask Task, PollWaiter Waiter)> pairs)
    {
        var (granted, isCounted) = (pairs.Count, false);
        try
        {
            if (await handOut.LimitAsync(pairs[0].Task.Queue, stopping) is { } limit)
                (granted, isCounted) = (await ClaimAsync(limit, [.. pairs.Select(p => p.Task)]), true);
            else queue.Unlimited();
        }
        catch (Exception e)
        {
            foreach (var (task, waiter) in pairs) queue.PutBack(task, waiter, e);
            return;
        }
        foreach (var (task, waiter) in pairs.Skip(granted)) queue.PutBack(task, waiter, failure: null);
        foreach (var (task, waiter) in pairs.Take(granted)) _ = GiveAsync(task, waiter, isCounted);
    }

    /// <summary>Takes a task back whose worker is gone; never throws.</summary>
    public async Task ReturnAsync(HandedOutTask task)
    {
        try
        {
            await handOut.ReturnAsync(task, stopping);
        }
        catch (Exception e)
        {
            // Its deadline brings it back, if it has one.
            LogLost(e, task.Task.TaskId);
        }
    }

    private async Task<int> ClaimAsync(TaskLimit limit, List<QueuedTask> tasks)
    {
        var (granted, nextFree) = await handOut.ClaimAsync(new CountedRequest(tasks[0].Queue, limit, MostOnBus: null), tasks, stopping);
        if (granted < tasks.Count) queue.Block(nextFree);
        return granted;
    }

    private async Task GiveAsync(QueuedTask task, PollWaiter waiter, bool isCounted)
    {
        try
        {
            queue.Settle(waiter, await handOut.HandOutAsync(task, waiter.WorkerId, isCounted, stopping));
        }
        catch (Exception e)
        {
            queue.PutBack(task, waiter, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Task {TaskId} was handed out to a worker that is gone, and could not be taken back")]
    private partial void LogLost(Exception exception, Guid taskId);
}
