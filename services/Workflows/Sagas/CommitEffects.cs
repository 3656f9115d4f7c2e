using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Tasks;
using Conductor.Postgres.Sagas.GroupCommit;
using Conductor.Postgres.Workflows;
using Conductor.Sagas.Workflow;
using Conductor.ServiceDefaults.Changes;
using Conductor.Workflows.Messaging;
using Conductor.Workflows.Metrics;
using Conductor.Workflows.Publication;
using Conductor.Workflows.Tasks;

namespace Conductor.Workflows.Sagas;

/// <summary>A task that a batch hands out to a worker that waits.</summary>
internal sealed record PromisedTask(TaskQueue Queue, PollWaiter Waiter, HandedOutTask Task);

/// <summary>What a commit of executions does beside the rows: workers get tasks, queues fill, clocks are set, counters count.</summary>
internal sealed class CommitEffects(
    WorkflowDecisions decisions, TaskQueues queues, QueueLoader loader, LiveServers servers, ExecutionCache cache, WorkflowMetrics metrics, Alarm alarm,
    BusDispatch bus, CommitSignal committed, ChangeFeed changes)
{
    /// <summary>Before the commit: hands what has become ready to workers that wait, as part of it.</summary>
    public IReadOnlyList<PromisedTask> HandOut(IReadOnlyList<WorkflowState> states)
    {
        List<PromisedTask>? promises = null;
        foreach (var state in states)
        {
            if (state.Instance!.Status.IsTerminal()) continue;
            // What is handed out happens as well, behind the events that are looked at here.
            for (int i = 0, count = state.Events.Count; i < count; i++)
                if (Promise(state, state.Events[i]) is { } promise) (promises ??= []).Add(promise);
        }
        return promises ?? [];
    }

    /// <summary>Before the commit: tells other servers, if there are any, of theirs among the tasks that wait.</summary>
    /// <returns>Those that are this server's.</returns>
    public IReadOnlyList<QueuedTask> Tell(BatchTransaction transaction, IReadOnlyCollection<QueuedTask> queued)
    {
        if (!servers.AreOthers) return [.. queued];
        var byHome = queued.ToLookup(task => servers.HomeOf(task.TaskId));
        var others = byHome.Where(home => home.Key != servers.Id).ToList();
        foreach (var home in others) Notifications.AddExecutionsChanged(transaction, home.Key, [.. home]);
        if (others.Count == 0) Notifications.AddExecutionsChanged(transaction, servers.Id, []);
        return [.. byHome[servers.Id]];
    }

    /// <summary>After the commit.</summary>
    public void Committed(IReadOnlyList<WorkflowState> states, IReadOnlyList<PromisedTask> promises, IReadOnlyList<QueuedTask> queued)
    {
        foreach (var (queue, waiter, task) in promises) queue.Settle(waiter, task);
        foreach (var task in queued) queues.Add(task);
        foreach (var state in states)
        {
            metrics.Committed(state);
            for (var i = 0; i < state.Events.Count; i++) Happened(state.Events[i]);
            alarm.Expect(state.WakeAt);
            state.Committed();
            Keep(state);
        }
        if (queued.Count > 0) bus.Signal();
        committed.Raise();
        changes.Changed("workflows");
    }

    /// <summary>Instead of it.</summary>
    public void Abandoned(IReadOnlyList<PromisedTask> promises)
    {
        foreach (var (queue, waiter, _) in promises) queue.Settle(waiter, task: null);
        // What was committed all the same is in the database.
        loader.Load();
    }

    private PromisedTask? Promise(WorkflowState state, WorkflowEvent happened)
    {
        if (happened is not TaskScheduled { Queue: { } name } scheduled || scheduled.AvailableAt > scheduled.At) return null;
        var queue = queues.Of(name);
        if (((StoreSession)state.Session!).Known(scheduled.Task.TaskId) is not { Status: WorkflowTaskStatus.Scheduled } task) return null;
        if (queue.Promise() is not { } waiter) return null;
        if (decisions.HandOut(state, task, waiter.WorkerId) is { } handedOut)
            return new(queue, waiter, new HandedOutTask(handedOut, state.Instance!.Name, state.Instance.DefinitionHash));
        queue.Settle(waiter, task: null);
        return null;
    }

    private void Happened(WorkflowEvent happened)
    {
        if (happened is TimerStarted timer) alarm.Expect(timer.Due);
        if (happened is not TaskEvent { Task: { IsCounted: true, Status: not WorkflowTaskStatus.InProgress } task }) return;
        // A limit has room again, and a worker on the bus a hand free.
        queues.Of(WorkerDomain.QueueOf(task.TaskType, task.Domain)).Unblock();
        bus.Signal();
    }

    private void Keep(WorkflowState state)
    {
        var bytes = ((StoreSession)state.Session!).Rest();
        if (!state.Instance!.Status.IsTerminal() && !servers.AreOthers) cache.Put(state, bytes);
    }
}
