namespace Conductor.Worker.Execution;

/// <summary>The steps of a graceful stop: no new tasks, then no more time for running ones, then no more tries to report.</summary>
internal sealed class WorkerStop(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan TimeToReport = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly CancellationTokenSource _abandon = new();

    public CancellationToken Stopping => _stopping.Token;

    public CancellationToken GiveUp => _giveUp.Token;

    public CancellationToken Abandon => _abandon.Token;

    /// <summary>Waits for <paramref name="work"/>, which watches the tokens.</summary>
    public async Task StopAsync(Task work, TimeSpan timeout, CancellationToken hostHasNoTime)
    {
        await _stopping.CancelAsync();
        await WaitAsync(work, timeout, hostHasNoTime);
        await _giveUp.CancelAsync();
        await WaitAsync(work, TimeToReport, CancellationToken.None);
        await _abandon.CancelAsync();
        await work;
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _giveUp.Dispose();
        _abandon.Dispose();
    }

    private async Task WaitAsync(Task work, TimeSpan timeout, CancellationToken cancellationToken) =>
        await work.WaitAsync(timeout, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
