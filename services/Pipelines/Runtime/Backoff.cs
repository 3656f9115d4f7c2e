namespace Conductor.Pipelines.Runtime;

/// <summary>Pauses that grow from 200 ms to 15 s, varied by a fifth so that lanes do not come back in step.</summary>
internal sealed class Backoff(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private int _failures;

    public void Reset() => _failures = 0;

    /// <summary>Waits after a failure; returns early, without an error, when cancelled.</summary>
    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(200 * Math.Pow(2, Math.Min(_failures++, 10)));
        pause = (pause > Longest ? Longest : pause) * (0.8 + (Random.Shared.NextDouble() * 0.4));
        await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
