using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Resolution;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Conductor.Hosting.Supervision;

/// <summary>What is known of a resource that runs, or does not.</summary>
internal sealed record ResourceStatus
{
    /// <summary>One of <see cref="KnownResourceStates"/>.</summary>
    public string State { get; init; } = KnownResourceStates.NotStarted;

    public HealthStatus? Health { get; init; }

    public string? HealthProblem { get; init; }

    public int? ExitCode { get; init; }

    public int Restarts { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public IReadOnlyList<int> ProcessIds { get; init; } = [];

    public IReadOnlyList<ResolvedVariable> Variables { get; init; } = [];

    public bool IsReady => (State == KnownResourceStates.Running && Health == HealthStatus.Healthy) || State == KnownResourceStates.Finished || State == KnownResourceStates.Active;

    public bool IsFinal => KnownResourceStates.TerminalStates.Contains(State);
}
