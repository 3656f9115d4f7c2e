using System.Diagnostics;
using System.Diagnostics.Metrics;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Pipelines.Runtime;

/// <summary>
/// The meter <c>Conductor.Pipelines</c> (docs/operations.md): what nodes of this process have done since its start, and what waits for them, by
/// <c>pipeline</c> and <c>component</c>.
/// </summary>
internal sealed class PipelineMetrics
{
    private readonly Counter<long> _read, _passed, _skipped, _deadLettered, _written, _copies, _bytes;

    public PipelineMetrics(IMeterFactory meters, PipelineRuns runs)
    {
        var meter = meters.Create("Conductor.Pipelines");
        _read = Records(meter, "read", "Records read, without copies");
        _passed = Records(meter, "passed", "Records that all processors passed");
        _skipped = Records(meter, "skipped", "Records that a processor skipped");
        _deadLettered = Records(meter, "dead_lettered", "Records that could not be decoded");
        _written = Records(meter, "written", "Records that sinks took");
        _copies = Records(meter, "copies", "Copies of records, which were dropped");
        _bytes = meter.CreateCounter<long>("conductor.pipelines.io", "By", "Bytes of the records read");
        meter.CreateObservableGauge("conductor.pipelines.lag", () => runs.Nodes.SelectMany(Lag), "{record}", "Records that wait");
    }

    /// <summary>Counts what came of a batch.</summary>
    public void Count(NodeContext node, RecordCounters counters, long bytes)
    {
        var tags = TagsOf(node);
        _read.Add(counters.Read, tags);
        _passed.Add(counters.Passed, tags);
        _skipped.Add(counters.Skipped, tags);
        _deadLettered.Add(counters.DeadLettered, tags);
        _written.Add(counters.Written, tags);
        _copies.Add(counters.Copies, tags);
        _bytes.Add(bytes, tags);
    }

    // Nothing is said of a node one of whose partitions is not known.
    private static IEnumerable<Measurement<long>> Lag(NodeContext node)
    {
        var lags = node.Status.Lanes.Select(lane => lane.Lag).ToList();
        if (lags.Count > 0 && lags.TrueForAll(lag => lag is not null)) yield return new(lags.Sum(lag => lag!.Value), TagsOf(node));
    }

    private static Counter<long> Records(Meter meter, string name, string description) =>
        meter.CreateCounter<long>($"conductor.pipelines.records.{name}", "{record}", description);

    private static TagList TagsOf(NodeContext node) => new() { { "pipeline", node.Pipeline }, { "component", node.Definition.Name } };
}
