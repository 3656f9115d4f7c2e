using Conductor.Brokers.Events;
using Conductor.Contracts.Pipelines;
using Conductor.Postgres.Supervision;

namespace Conductor.Pipelines.Runtime;

/// <summary>
/// Publishes the counts of the lanes in this process every few seconds, where they have changed. Counts that could not be published are in the next ones.
/// </summary>
internal sealed class CountPublisher(PipelineRuns runs, EventTopic<PipelineCounted> topic, BackgroundLoops loops, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private Dictionary<LaneKey, PipelineCounted> _published = [];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the publication of counts", TurnAsync, stoppingToken);

    private async Task TurnAsync(BackgroundLoop loop, CancellationToken cancellationToken)
    {
        await loop.RestAsync(Task.Delay(Every, time, cancellationToken));
        var counted = Count().ToDictionary(LaneKey.Of);
        var changed = counted.Where(now => HasChanged(now.Key, now.Value)).Select(now => now.Value).ToList();
        if (changed.Count > 0) await topic.ProduceAsync(changed, _ => Guid.CreateVersion7(), cancellationToken);
        _published = counted;
    }

    private IEnumerable<PipelineCounted> Count() =>
        from run in runs.All
        from node in run.Nodes
        from lane in node.Status.Lanes
        let counters = lane.Counters
        where counters is not null
        select new PipelineCounted
        {
            Pipeline = run.Pipeline, Node = node.Definition.Name, Source = lane.Reader.Source, Partition = lane.Reader.Partition, Epoch = run.Epoch,
            At = time.GetUtcNow(), Read = counters.Value.Read, Passed = counters.Value.Passed, Skipped = counters.Value.Skipped,
            DeadLettered = counters.Value.DeadLettered, Lag = lane.Lag,
        };

    private bool HasChanged(LaneKey key, PipelineCounted now) => !_published.TryGetValue(key, out var before) || before with { At = now.At } != now;

    private readonly record struct LaneKey(string Pipeline, string Node, string Source, int Partition)
    {
        public static LaneKey Of(PipelineCounted counted) => new(counted.Pipeline, counted.Node, counted.Source, counted.Partition);
    }
}
