using Conductor.Postgres.Supervision;

namespace Conductor.Operations.Retrying;

/// <summary>Wakes what sends messages again: a retry was asked for, or it became known what came of one.</summary>
internal sealed class RetrySignal
{
    private readonly Signal _signal = new();

    public void Raise() => _signal.Raise();

    public Task WaitAsync(TimeSpan most, TimeProvider time, CancellationToken cancellationToken) => _signal.WaitAsync(most, time, cancellationToken);
}
