using Conductor.Postgres.Supervision;

namespace Conductor.Workflows.Publication;

/// <summary>Raised after each commit of executions here.</summary>
internal sealed class CommitSignal
{
    private readonly Signal _signal = new();

    public void Raise() => _signal.Raise();

    /// <inheritdoc cref="Signal.WaitAsync"/>
    public Task WaitAsync(TimeSpan most, TimeProvider time, CancellationToken cancellationToken) => _signal.WaitAsync(most, time, cancellationToken);
}
