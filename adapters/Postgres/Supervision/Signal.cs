namespace Conductor.Postgres.Supervision;

/// <summary>Wakes a loop that rests. What is raised while the loop works counts for its next rest. Anybody may raise it, one loop waits.</summary>
public sealed class Signal
{
    private TaskCompletionSource _raised = New();

    /// <summary>There may be something to do.</summary>
    public void Raise() => Volatile.Read(ref _raised).TrySetResult();

    /// <summary>Rests until it is raised, or for so long at most (<see cref="Timeout.InfiniteTimeSpan"/> for no limit).</summary>
    public async Task WaitAsync(TimeSpan most, TimeProvider time, CancellationToken cancellationToken)
    {
        var raised = _raised.Task;
        await raised.WaitAsync(most, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        // Before the loop looks: what is raised from here on is for the next rest.
        if (raised.IsCompleted) Volatile.Write(ref _raised, New());
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
