using Conductor.Domain.Streams.Brokers;
using Conductor.ServiceDefaults.Changes;

namespace Conductor.Pipelines.Runtime;

/// <summary>Takes samples for rates every second and looks up lags every few seconds.</summary>
internal sealed class StatusSampler(PipelineRuns runs, ChangeFeed changes, TimeProvider time) : BackgroundService
{
    private const int LagEvery = 5;
    private long _read;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        for (var tick = 0; !stoppingToken.IsCancellationRequested; tick++)
        {
            foreach (var node in runs.Nodes) node.Status.Sample();
            var read = runs.Nodes.Sum(n => n.Status.Lanes.Sum(l => l.Counters.Read));
            if (read != _read) changes.Changed("pipelines");
            _read = read;
            if (tick % LagEvery == 0) await Task.WhenAll(runs.Nodes.SelectMany(n => n.Status.Lanes).Select(l => LagAsync(l, stoppingToken)));
            await ((Task)timer.WaitForNextTickAsync(stoppingToken).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task LagAsync(LaneStatus lane, CancellationToken cancellationToken)
    {
        try
        {
            lane.Lag = await lane.Reader.LagAsync(lane.Next ?? 0, cancellationToken);
        }
        catch (Exception e) when (e is StreamUnavailableException or UnknownTopicException or OperationCanceledException)
        {
            // Not known now; the lane itself reports what is wrong.
            lane.Lag = null;
        }
    }
}
