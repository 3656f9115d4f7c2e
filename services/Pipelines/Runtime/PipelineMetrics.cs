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
    private readonly Counter<long> _read, _passed, _skipped, _deadLettered, _written, _copies, _lost, _positions, _bytes, _taken, _handedBack;

    public PipelineMetrics(IMeterFactory meters, PipelineRuns runs)
    {
        var meter = meters.Create("Conductor.Pipelines");
        _read = Records(meter, "read", "Records read, without copies");
        _passed = Records(meter, "passed", "Records that all processors passed");
        _skipped = Records(meter, "skipped", "Records that a processor skipped");
        _deadLettered = Records(meter, "dead_lettered", "Records that could not be decoded, processed or written");
        _written = Records(meter, "written", "Records that sinks took");
        _copies = Records(meter, "copies", "Copies of records, which were dropped");
        _lost = Records(meter, "lost", "Records that were left out because the source did not hold the position any more");
        _positions = meter.CreateCounter<long>("conductor.pipelines.positions.lost", "{position}", "Positions that the source did not hold any more");
        _bytes = meter.CreateCounter<long>("conductor.pipelines.io", "By", "Bytes of the records read");
        _taken = meter.CreateCounter<long>("conductor.pipelines.partitions.taken", "{partition}", "Partitions that a group gave to instances");
        _handedBack = meter.CreateCounter<long>(
            "conductor.pipelines.partitions.handed_back", "{partition}", "Partitions that a group asked back, or gave to somebody else");
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
        // So that the series are there before anything is lost.
        _lost.Add(0, tags);
        _positions.Add(0, tags);
        _bytes.Add(bytes, tags);
    }

    /// <summary>Counts a position that the source did not hold any more.</summary>
    public void PositionLost(NodeContext node, long records)
    {
        _positions.Add(1, TagsOf(node));
        _lost.Add(records, TagsOf(node));
    }

    /// <summary>Counts a partition that was given to an instance, and that is taken from it again while it wants it.</summary>
    public void PartitionTaken(NodeContext node)
    {
        _taken.Add(1, TagsOf(node));
        // So that the series is there before anything is handed back.
        _handedBack.Add(0, TagsOf(node));
    }

    /// <inheritdoc cref="PartitionTaken" />
    public void PartitionHandedBack(NodeContext node) => _handedBack.Add(1, TagsOf(node));

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
