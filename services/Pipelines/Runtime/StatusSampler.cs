using Conductor.Domain.Streams.Brokers;
using Conductor.ServiceDefaults.Changes;

namespace Conductor.Pipelines.Runtime;

/// <summary>Takes samples for rates every second and looks up lags every few seconds.</summary>
internal sealed class StatusSampler(PipelineRuns runs, ChangeFeed changes, TimeProvider time, ILogger<StatusSampler> logger) : BackgroundService
{
    private static readonly TimeSpan LagEvery = TimeSpan.FromSeconds(5);
    private long _read;

    // A broker that does not answer makes lags wait, not rates.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(RepeatAsync(TimeSpan.FromSeconds(1), SampleAsync, stoppingToken), RepeatAsync(LagEvery, LookUpLagsAsync, stoppingToken));

    private async Task RepeatAsync(TimeSpan every, Func<CancellationToken, Task> act, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            await act(stoppingToken);
            await ((Task)timer.WaitForNextTickAsync(stoppingToken).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task SampleAsync(CancellationToken cancellationToken)
    {
        foreach (var node in runs.Nodes) node.Status.Sample();
        var read = runs.Nodes.Sum(n => n.Status.Lanes.Sum(l => l.Read));
        if (read != _read) changes.Changed("pipelines");
        _read = read;
        return Task.CompletedTask;
    }

    private async Task LookUpLagsAsync(CancellationToken cancellationToken)
    {
        var isAway = false;
        foreach (var lane in runs.Nodes.SelectMany(n => n.Status.Lanes))
        {
            try
            {
                lane.Lag = isAway || lane.Counters is null ? null : await lane.Reader.LagAsync(lane.Next ?? 0, cancellationToken);
            }
            catch (Exception e)
            {
                // Not known now; the lane itself reports an outage, which is the same for all.
                lane.Lag = null;
                isAway = e is StreamUnavailableException;
                if (!isAway && e is not (UnknownTopicException or OperationCanceledException)) RuntimeLog.NoLag(logger, e);
            }
        }
    }
}
