namespace Conductor.StreamRider;

/// <summary>Pauses that grow from 100 ms to 2 s, and vary, so that what failed together does not come back together.</summary>
internal sealed class RetryPause
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private TimeSpan _next = First;

    public void Reset() => _next = First;

    /// <summary>Waits after a failure; returns early, without an error, when cancelled.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var pause = _next * (1 + (Random.Shared.NextDouble() / 4));
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        await Task.Delay(pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
