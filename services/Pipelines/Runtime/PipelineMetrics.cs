using System.Diagnostics.Metrics;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Pipelines.Runtime;

/// <summary>
/// The meter <c>Conductor.Pipelines</c>: <c>conductor.pipelines.read</c>, <c>passed</c>, <c>skipped</c>, <c>dead_lettered</c>,
/// <c>written</c>, <c>copies</c> and <c>lag</c>, each by <c>pipeline</c> and <c>component</c>, for what runs in this process.
/// </summary>
internal sealed class PipelineMetrics : IHostedService
{
    private readonly PipelineRuns _runs;

    public PipelineMetrics(IMeterFactory meters, PipelineRuns runs)
    {
        _runs = runs;
        var meter = meters.Create("Conductor.Pipelines");
        Count(meter, "read", "Records read", c => c.Read);
        Count(meter, "passed", "Records that all processors passed", c => c.Passed);
        Count(meter, "skipped", "Records that a processor skipped", c => c.Skipped);
        Count(meter, "dead_lettered", "Records that could not be decoded", c => c.DeadLettered);
        Count(meter, "written", "Records that sinks took", c => c.Written);
        Count(meter, "copies", "Copies of records, which were dropped", c => c.Copies);
        meter.CreateObservableGauge("conductor.pipelines.lag", () => Measure(n => n.Status.Lanes.Sum(l => l.Lag ?? 0)), "{record}", "Records that wait");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Count(Meter meter, string name, string description, Func<RecordCounters, long> value) => meter.CreateObservableCounter(
        $"conductor.pipelines.{name}", () => Measure(n => n.Status.Lanes.Sum(l => value(l.Counters))), "{record}", description);

    private IEnumerable<Measurement<long>> Measure(Func<NodeContext, long> value) => _runs.Nodes.Select(node =>
        new Measurement<long>(value(node), KeyValuePair.Create<string, object?>("pipeline", node.Pipeline),
            KeyValuePair.Create<string, object?>("component", node.Definition.Name)));
}
