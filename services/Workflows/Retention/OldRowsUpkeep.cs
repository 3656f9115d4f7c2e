using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows.Retention;

namespace Conductor.Workflows.Retention;

/// <summary>Removes old rows that belong to no execution, a limited number at a time.</summary>
internal sealed class OldRowsUpkeep : BackgroundService
{
    private const int MostSteps = 10;
    private readonly OldRows _rows;
    private readonly RetentionOptions _options;
    private readonly BackgroundLoops _loops;
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<(Removal Removal, Func<DateTimeOffset, CancellationToken, Task<(int Removed, bool IsMore)>> Step)> _kinds;
    private long _lastLog;

    public OldRowsUpkeep(OldRows rows, RetentionOptions options, Removals removals, BackgroundLoops loops, TimeProvider time)
    {
        (_rows, _options, _loops, _time) = (rows, options, loops, time);
        Removal Announce(string kind, string setting, OldRowsOptions of) =>
            removals.Announce(new(kind, "upkeep of old rows", of.Period, $"Retention:{setting}:Enabled", of.Enabled));
        _kinds =
        [
            (Announce("pollData", "PollData", options.PollData), async (before, cancel) => Step(await _rows.ForgetPollsAsync(before, cancel))),
            (Announce("busWorkers", "BusWorkers", options.BusWorkers), async (before, cancel) => Step(await _rows.ForgetBusWorkersAsync(before, cancel))),
            (Announce("strayLogs", "StrayLogs", options.StrayLogs), RemoveLogsAsync),
        ];
        removals.Announce(new("handOuts", "each hand-out of a limited task type, once they no longer count", After: null));
        removals.Announce(new("outbox", "delivery, once a message was sent", After: null));
    }

    /// <summary>Removes what is old enough, up to a limit: the rest is for the next turn.</summary>
    public async Task RoundAsync(CancellationToken cancellationToken)
    {
        foreach (var (removal, step) in _kinds.Where(kind => kind.Removal.Rule.IsOn))
        {
            var before = _time.GetUtcNow() - removal.Rule.After!.Value;
            for (var steps = 0; steps < MostSteps; steps++)
            {
                var (removed, isMore) = await step(before, cancellationToken);
                removal.Ran(removed);
                if (!isMore) break;
                await Task.Delay(_options.Pause, _time, cancellationToken);
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _loops.RunAsync("the upkeep of old rows", TurnAsync, stoppingToken);

    private async Task TurnAsync(BackgroundLoop loop, CancellationToken cancellationToken)
    {
        await RoundAsync(cancellationToken);
        await loop.RestAsync(Task.Delay(_options.Every, _time, cancellationToken));
    }

    private async Task<(int Removed, bool IsMore)> RemoveLogsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        (_lastLog, var removed) = await _rows.RemoveStrayLogsAsync(_lastLog, before, cancellationToken);
        return (removed, _lastLog > 0);
    }

    private static (int Removed, bool IsMore) Step(int removed) => (removed, removed == OldRows.Step);
}
