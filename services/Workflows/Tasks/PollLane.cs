using Conductor.Postgres;
using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows;

namespace Conductor.Workflows.Tasks;

/// <summary>
/// The workers that wait for tasks of one queue, first come first served. One query at a time takes tasks for all of them. Nothing is
/// asked of the database while nothing can have come: only after a signal, when the next delayed task is due, or once a second.
/// </summary>
internal sealed class PollLane(string queue, ITaskSource source, BackgroundLoops loops, TimeProvider time, CancellationToken stopping)
{
    private static readonly TimeSpan SafetyPoll = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly List<PollWaiter> _waiting = [];
    private TaskCompletionSource _signal = NewSignal();
    private DateTimeOffset _lookAgain = DateTimeOffset.MinValue;
    private bool _serving;

    /// <summary>Takes up to <paramref name="count"/> tasks; waits for the first as long as <paramref name="timeout"/>.</summary>
    public async Task<IReadOnlyList<HandedOutTask>> PollAsync(string? workerId, int count, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var waiter = new PollWaiter(workerId, count, waits: timeout > TimeSpan.Zero);
        lock (_lock)
        {
            var nothing = _lookAgain > time.GetUtcNow();
            if (nothing && !waiter.Waits) return [];
            _waiting.Add(waiter);
            if (!nothing) _signal.TrySetResult();
            if (!_serving)
            {
                _serving = true;
                // The trace of whoever came first is not that of all who wait.
                using (ExecutionContext.SuppressFlow()) _ = Task.Run(ServeAsync, CancellationToken.None);
            }
        }
        if (waiter.Waits) await Task.WhenAny(waiter.Answer, Task.Delay(timeout, time, cancellationToken));
        lock (_lock)
        {
            waiter.Expire(canceled: cancellationToken.IsCancellationRequested);
            if (!waiter.IsAsked && waiter.Waits && _waiting.Remove(waiter)) return [];
        }
        return await waiter.Answer;
    }

    /// <summary>There may be tasks.</summary>
    public void Signal()
    {
        lock (_lock)
        {
            _lookAgain = DateTimeOffset.MinValue;
            _signal.TrySetResult();
        }
    }

    private async Task ServeAsync()
    {
        using var loop = loops.Watch($"the polls of {queue}");
        while (true)
        {
            await loop.RestAsync(QuietAsync());
            PollWaiter[] asked;
            lock (_lock)
            {
                if (_waiting.Count == 0)
                {
                    _serving = false;
                    return;
                }
                asked = [.. _waiting];
                foreach (var waiter in asked) waiter.Ask();
                // Before the query: a signal that comes during it counts.
                _lookAgain = time.GetUtcNow() + SafetyPoll;
                _signal = NewSignal();
            }
            await LookAsync(asked, loop);
        }
    }

    private async Task QuietAsync()
    {
        Task signal;
        TimeSpan pause;
        lock (_lock)
        {
            pause = _lookAgain - time.GetUtcNow();
            if (pause <= TimeSpan.Zero || _waiting.Count == 0) return;
            signal = _signal.Task;
        }
        await Task.WhenAny(signal, Task.Delay(pause, time, stopping));
    }

    private async Task LookAsync(PollWaiter[] asked, BackgroundLoop loop)
    {
        try
        {
            await TakeAsync(asked);
        }
        catch (Exception e) when (asked.Length > 1 && !DatabaseOutage.Is(e) && !stopping.IsCancellationRequested)
        {
            // One of them may be at fault: it fails alone.
            foreach (var waiter in asked) await LookAsync([waiter], loop);
        }
        catch (Exception e)
        {
            // Each of them is answered with it, and the next poll tries again; on a stop they go home without tasks.
            if (!stopping.IsCancellationRequested) loops.Caught(loop, e);
            lock (_lock)
            {
                foreach (var waiter in asked)
                {
                    _waiting.Remove(waiter);
                    if (stopping.IsCancellationRequested) waiter.Give([]);
                    else waiter.Fail(e);
                }
            }
        }
    }

    private async Task TakeAsync(PollWaiter[] asked)
    {
        var workers = asked.SelectMany(w => Enumerable.Repeat(w.WorkerId, w.Count)).ToArray();
        var (tasks, nextDue) = await source.TakeAsync(workers, stopping);
        IReadOnlyList<HandedOutTask> left;
        lock (_lock)
        {
            if (tasks.Count == workers.Length) _lookAgain = DateTimeOffset.MinValue;
            else if (nextDue < _lookAgain) _lookAgain = nextDue.Value;
            left = Distribute(asked, tasks);
        }
        if (left.Count == 0) return;
        await source.GiveBackAsync(left, stopping);
        Signal();
    }

    private List<HandedOutTask> Distribute(PollWaiter[] asked, IReadOnlyList<HandedOutTask> tasks)
    {
        var left = new Queue<HandedOutTask>(tasks);
        foreach (var waiter in asked)
        {
            var share = new List<HandedOutTask>();
            while (!waiter.IsCanceled && share.Count < waiter.Count && left.TryDequeue(out var task))
                share.Add(task with { Task = task.Task with { WorkerId = waiter.WorkerId } });
            waiter.Asked();
            if (share.Count > 0 || waiter.IsExpired || !waiter.Waits)
            {
                _waiting.Remove(waiter);
                waiter.Give(share);
            }
        }
        return [.. left];
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
