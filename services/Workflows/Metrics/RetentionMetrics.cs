using System.Diagnostics.Metrics;
using Conductor.Postgres.Supervision;
using Conductor.Workflows.Retention;

namespace Conductor.Workflows.Metrics;

/// <summary>What was removed, for the meter <c>Conductor.Workflows</c>.</summary>
internal sealed class RetentionMetrics : IHostedService
{
    public RetentionMetrics(IMeterFactory meters, Removals removals, SetAside setAside)
    {
        var meter = meters.Create(WorkflowMetrics.Name);
        meter.CreateObservableCounter("conductor.workflows.retention.removed", () => Removed(removals), "{row}", "Rows that this server has removed");
        meter.CreateObservableGauge("conductor.workflows.retention.set_aside", () => setAside.Ids.Count, "{execution}",
            "Executions that stay because they cannot be archived");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static IEnumerable<Measurement<long>> Removed(Removals removals) =>
        removals.All.Where(r => r.Rule.After is not null).Select(r => new Measurement<long>(r.Rows, new KeyValuePair<string, object?>("kind", r.Kind)));
}
