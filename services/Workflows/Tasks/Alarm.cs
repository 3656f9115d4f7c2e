namespace Conductor.Workflows.Tasks;

/// <summary>
/// Until when the service's clock may sleep. Whoever makes a deadline or a timer in this process says so here, after its commit; those that
/// other servers make are theirs to tell, and are found by the clock's own looks when such a server has gone.
/// </summary>
internal sealed class Alarm(TimeProvider time)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _earliest = DateTimeOffset.MaxValue;
    private TaskCompletionSource _earlier = NewSignal();

    /// <summary>Something will be due; null is nothing.</summary>
    public void Expect(DateTimeOffset? due)
    {
        lock (_lock)
        {
            if (due is not { } at || at >= _earliest) return;
            _earliest = at;
            _earlier.TrySetResult();
        }
    }

    /// <summary>Forgets what was expected; to be called before a look that finds it.</summary>
    public void Reset()
    {
        lock (_lock) _earliest = DateTimeOffset.MaxValue;
    }

    /// <summary>Sleeps until then, or until whatever is expected before.</summary>
    public async Task SleepAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task earlier;
            TimeSpan left;
            lock (_lock)
            {
                if (_earliest < until) until = _earliest;
                left = until - time.GetUtcNow();
                if (left <= TimeSpan.Zero) return;
                _earlier = NewSignal();
                earlier = _earlier.Task;
            }
            using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            // Timers count whole milliseconds: rather the next one than a look too early.
            var asleep = Task.Delay(left + TimeSpan.FromMilliseconds(1), time, woken.Token);
            await Task.WhenAny(earlier, asleep);
            await woken.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
