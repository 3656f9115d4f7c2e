namespace Conductor.Worker.Execution;

/// <summary>Doubling pauses from 200 ms to 15 s, varied by a quarter, so that workers do not come back in step.</summary>
internal sealed class BackOff(TimeProvider time)
{
    private int _failures;

    public void Reset() => _failures = 0;

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        var pause = Math.Min(15_000, 200 * Math.Pow(2, Math.Min(_failures++, 10)));
        return Task.Delay(TimeSpan.FromMilliseconds(pause * (0.75 + (Random.Shared.NextDouble() / 2))), time, cancellationToken);
    }
}
