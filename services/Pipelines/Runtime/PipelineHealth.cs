using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Conductor.Pipelines.Runtime;

/// <summary>
/// Names the nodes that do not get on. They are tried again, so that the service is degraded; it is unhealthy when something of a run has ended that
/// nobody told to stop.
/// </summary>
internal sealed class PipelineHealth(PipelineRuns runs) : IHealthCheck
{
    private const int Most = 5;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var dead = runs.All.Where(r => r.IsWanted && r.Ended.IsFaulted).Select(r => $"{r.Pipeline}: {r.Ended.Exception!.GetBaseException().Message}").ToList();
        if (dead.Count > 0) return Task.FromResult(HealthCheckResult.Unhealthy(Told(dead)));
        var failing = runs.Nodes.Where(n => n.Status.Error is not null).Select(n => $"{n.Pipeline}/{n.Definition.Name}: {n.Status.Error}").ToList();
        return Task.FromResult(failing.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(Told(failing)));
    }

    private static string Told(List<string> problems) =>
        string.Join("; ", problems.Take(Most)) + (problems.Count > Most ? $"; and {problems.Count - Most} more" : "");
}
