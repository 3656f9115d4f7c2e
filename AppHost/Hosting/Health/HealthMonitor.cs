using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Supervision;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Conductor.Hosting.Health;

/// <summary>Watches the health of one resource: closely until it is healthy, calmly from then on.</summary>
internal sealed class HealthMonitor(IResource resource, ResourceBoard board, HealthCheckService checks, TimeProvider time)
{
    private static readonly TimeSpan Starting = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Unhealthy = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(a => a.Key).ToHashSet(StringComparer.Ordinal);
        var wasHealthy = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            var status = await board.WaitAsync(resource.Name, s => s.State == KnownResourceStates.Running, cancellationToken);
            var (health, why) = keys.Count == 0 ? (HealthOfParent(), null) : await CheckAsync(keys, cancellationToken);
            board.Update(resource.Name, s => s.State == status.State && s.Restarts == status.Restarts ? s with { Health = health, HealthProblem = why } : s);
            wasHealthy |= health == HealthStatus.Healthy;
            if (keys.Count == 0 && resource is not IResourceWithParent) await board.WaitAsync(resource.Name, s => s.State != KnownResourceStates.Running, cancellationToken);
            else await Task.Delay(health == HealthStatus.Healthy ? Healthy : wasHealthy ? Unhealthy : Starting, time, cancellationToken);
        }
    }

    private HealthStatus HealthOfParent() => resource is IResourceWithParent child ? board[child.Parent.Name].Health ?? HealthStatus.Unhealthy : HealthStatus.Healthy;

    private async Task<(HealthStatus Health, string? Why)> CheckAsync(HashSet<string> keys, CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(r => keys.Contains(r.Name), cancellationToken);
        var problems = report.Entries.Values.Where(e => e.Status != HealthStatus.Healthy).Select(e => e.Description ?? e.Exception?.Message).OfType<string>();
        return (report.Status, string.Join("; ", problems) is { Length: > 0 } why ? why : null);
    }
}
