using Conductor.Postgres.Workflows;

namespace Conductor.Workflows.Tasks;

/// <summary>
/// One queue in memory: tasks that can be handed out or will be, and workers that wait for them, first come first served. A worker gets a task
/// after the commit that says so. The database is not asked for tasks.
/// </summary>
internal sealed class TaskQueue : IDisposable
{
    // A limit may have room again without a word: on another server, or because a definition has changed.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    // More than these stay in the database until there is room.
    private const int Most = 100_000;
    private readonly TaskGiver _giver;
    private readonly TimeProvider _time;
    private readonly Action _refill;
    private readonly CancellationToken _stopping;
    private readonly Lock _lock = new();
    private readonly ReadyTasks _ready = new();
    private readonly DelayedTasks _delayed = new();
    private readonly List<PollWaiter> _waiting = [];
    private ITimer? _timer;
    private DateTimeOffset _blockedUntil = DateTimeOffset.MinValue;
    private bool _mayBeLimited = true;
    private bool _isRetired, _hasMore;

    /// <param name="handOut">Hands its tasks out.</param>
    /// <param name="time">The time.</param>
    /// <param name="logger">Told of what goes wrong.</param>
    /// <param name="refill">Adds, some time later, the tasks again for which there was no room.</param>
    /// <param name="stopping">The service stops.</param>
    public TaskQueue(ITaskHandOut handOut, TimeProvider time, ILogger logger, Action refill, CancellationToken stopping) =>
        (_giver, _time, _refill, _stopping) = (new(this, handOut, logger, stopping), time, refill, stopping);

    /// <summary>Takes up to <paramref name="count"/> tasks; waits for the first as long as <paramref name="timeout"/>.</summary>
    /// <returns>The tasks; null when this queue is retired, and there is another one of its name.</returns>
    public async Task<IReadOnlyList<HandedOutTask>?> PollAsync(string? workerId, int count, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var waiter = new PollWaiter(workerId, count);
        lock (_lock)
        {
            if (_isRetired) return null;
            _waiting.Add(waiter);
            Match();
            if (timeout <= TimeSpan.Zero) Expire(waiter, canceled: false);
        }
        if (timeout > TimeSpan.Zero)
        {
            await ((Task)waiter.Answer).WaitAsync(timeout, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (_lock) Expire(waiter, cancellationToken.IsCancellationRequested);
        }
        return await waiter.Answer;
    }

    /// <summary>A worker that waits, to be given a task by a transaction that has yet to commit; null when none does, or others come first.</summary>
    /// <remarks>Whoever gets it calls <see cref="Settle"/>, in any case.</remarks>
    public PollWaiter? Promise()
    {
        lock (_lock)
        {
            if (_mayBeLimited || _ready.Count > 0 || Waiting() is not { } waiter) return null;
            waiter.Promise();
            return waiter;
        }
    }

    /// <summary>A promise is settled.</summary>
    public void Settle(PollWaiter waiter, HandedOutTask? task, Exception? failure = null)
    {
        lock (_lock)
        {
            var isReturned = task is not null && waiter.IsCanceled;
            if (isReturned) _ = _giver.ReturnAsync(task!);
            waiter.Settle(isReturned ? null : task, failure);
            if (waiter.TryAnswer()) _waiting.Remove(waiter);
            Match();
        }
    }

    /// <summary>A task waits for a worker, from its time on; false when this queue is retired, and there is another one of its name.</summary>
    public bool TryAdd(QueuedTask task)
    {
        lock (_lock)
        {
            if (_isRetired) return false;
            if (task.Due > _time.GetUtcNow())
            {
                _ready.Remove(task.TaskId);
                _delayed.Add(task);
                SetTimer();
            }
            else if (_ready.Count < Most || task.Priority > _ready.Lowest)
            {
                _ready.Add(task);
                Match();
            }
            else
            {
                _hasMore = true;
            }
            return true;
        }
    }

    /// <summary>A worker waits, and nothing is here for it.</summary>
    public bool IsWanting
    {
        get
        {
            lock (_lock) return _ready.Count == 0 && Waiting() is not null;
        }
    }

    /// <summary>Retires the queue if it holds nothing and nobody: it takes nothing more then.</summary>
    public bool TryRetire()
    {
        lock (_lock) return _isRetired |= _ready.Count == 0 && _delayed.Next is null && _waiting.Count == 0;
    }

    /// <summary>Takes tasks for somebody who hands them out himself, and adds again what he does not.</summary>
    public IReadOnlyList<QueuedTask> Take(int most)
    {
        var taken = new List<QueuedTask>();
        lock (_lock)
            while (taken.Count < most && _ready.TryTake(out var task)) taken.Add(task);
        return taken;
    }

    /// <summary>The limits may let more through.</summary>
    public void Unblock()
    {
        lock (_lock)
        {
            (_blockedUntil, _mayBeLimited) = (DateTimeOffset.MinValue, true);
            Match();
        }
    }

    /// <summary>Workers that wait go home.</summary>
    public void Close()
    {
        lock (_lock)
            foreach (var waiter in _waiting.ToList()) Expire(waiter, canceled: false);
    }

    public void Dispose() => _timer?.Dispose();

    private PollWaiter? Waiting()
    {
        foreach (var waiter in _waiting)
            if (waiter.Free > 0) return waiter;
        return null;
    }

    private void Expire(PollWaiter waiter, bool canceled)
    {
        waiter.Expire(canceled);
        if (waiter.TryAnswer()) _waiting.Remove(waiter);
    }

    // Under the lock.
    private void Match()
    {
        if (_blockedUntil > _time.GetUtcNow()) return;
        List<(QueuedTask Task, PollWaiter Waiter)>? pairs = null;
        while (_ready.Count > 0 && Waiting() is { } waiter && _ready.TryTake(out var task))
        {
            waiter.Promise();
            (pairs ??= []).Add((task, waiter));
        }
        if (pairs is null) return;
        if (_hasMore && _ready.Count < Most / 2)
        {
            _hasMore = false;
            _refill();
        }
        // The trace of whoever made them meet is not that of the hand-out.
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
            _ = Task.Run(() => _giver.GiveAsync(pairs), CancellationToken.None);
    }

    /// <summary>Nothing limits the type: tasks may be promised before they are ready.</summary>
    public void Unlimited() => _mayBeLimited = false;

    /// <summary>A limit lets nothing more through until then.</summary>
    public void Block(DateTimeOffset? until)
    {
        lock (_lock)
        {
            var again = _time.GetUtcNow() + LookAgain;
            _blockedUntil = until < again ? until.Value : again;
            SetTimer();
        }
    }

    /// <summary>A task was not handed out: it waits again, and its worker for another one.</summary>
    public void PutBack(QueuedTask task, PollWaiter waiter, Exception? failure)
    {
        lock (_lock)
        {
            _ready.Add(task);
            // On a stop workers go home without tasks.
            if (_stopping.IsCancellationRequested) waiter.Expire(canceled: false);
            Settle(waiter, task: null, _stopping.IsCancellationRequested ? null : failure);
        }
    }

    // Under the lock.
    private void SetTimer()
    {
        var now = _time.GetUtcNow();
        var next = _delayed.Next ?? DateTimeOffset.MaxValue;
        if (_blockedUntil > now && _blockedUntil < next) next = _blockedUntil;
        if (next == DateTimeOffset.MaxValue) return;
        // Timers count whole milliseconds: rather the next one than a look too early.
        var pause = next - now + TimeSpan.FromMilliseconds(1);
        pause = pause < TimeSpan.Zero ? TimeSpan.Zero : pause > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : pause;
        _timer ??= _time.CreateTimer(_ => Due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(pause, Timeout.InfiniteTimeSpan);
    }

    private void Due()
    {
        lock (_lock)
        {
            while (_delayed.TryTake(_time.GetUtcNow(), out var task)) _ready.Add(task);
            SetTimer();
            Match();
        }
    }
}
