using Conductor.Postgres;
using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows;
using Conductor.Sagas.Workflow;
using Conductor.Workflows.Sagas;

namespace Conductor.Workflows.Tasks;

/// <summary>
/// The service's clock: tells the saga of deadlines that have passed and of timers that are due. It sleeps until the next one, which
/// <see cref="Alarm"/> hears of. Each is told on its own: one that fails holds up no other.
/// </summary>
internal sealed partial class DueWork(
    DueTimes times, Alarm alarm, ExecutionMessages messages, BackgroundLoops loops, TimeProvider time, ILogger<DueWork> logger) : BackgroundService
{
    private const int Most = 500;
    private const int MostUnderWay = 2000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    // What workers had to say while nobody listened comes first.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _room = new(MostUnderWay);
    private DateTimeOffset _listeningSince = DateTimeOffset.MaxValue;

    public override void Dispose()
    {
        _room.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the clock of deadlines and timers", TurnAsync, stoppingToken);

    private async Task TurnAsync(BackgroundLoop loop, CancellationToken cancellationToken)
    {
        try
        {
            alarm.Reset();
            var now = time.GetUtcNow();
            if (_listeningSince > now) _listeningSince = now;
            var graceEnds = _listeningSince + Grace;
            var since = now < graceEnds ? _listeningSince : DateTimeOffset.UnixEpoch;
            var next = await times.NextDueAsync(since, cancellationToken) ?? DateTimeOffset.MaxValue;
            if (next <= now) await TellAsync(loop, now, since, cancellationToken);
            else await loop.RestAsync(alarm.SleepAsync(Earliest(next, now + Longest, now < graceEnds ? graceEnds : next), cancellationToken));
        }
        catch (Exception e) when (DatabaseOutage.Is(e))
        {
            _listeningSince = DateTimeOffset.MaxValue;
            throw;
        }
    }

    private async Task TellAsync(BackgroundLoop loop, DateTimeOffset now, DateTimeOffset since, CancellationToken cancellationToken)
    {
        foreach (var id in await times.ToWakeAsync(now, since, Most, cancellationToken))
            await StartAsync(loop, () => messages.SendAsync(new DeadlinesPassed(id), id, taskId: null, cancellationToken), cancellationToken);
        foreach (var timer in await times.DueTimersAsync(now, Most, cancellationToken))
            await StartAsync(loop, () => FireAsync(timer, cancellationToken), cancellationToken);
    }

    private async Task FireAsync(DueTimer timer, CancellationToken cancellationToken)
    {
        var told = new WorkflowTimerElapsed(timer.WorkflowId, timer.Token, timer.TaskId, timer.Purpose);
        await messages.SendAsync(told, timer.WorkflowId, timer.TaskId, cancellationToken);
        await times.RemoveTimerAsync(timer.Token, cancellationToken);
    }

    private async Task StartAsync(BackgroundLoop loop, Func<Task> tell, CancellationToken cancellationToken)
    {
        await loop.RestAsync(_room.WaitAsync(cancellationToken));
        _ = Task.Run(() => TellOneAsync(tell, cancellationToken), CancellationToken.None);
    }

    private async Task TellOneAsync(Func<Task> tell, CancellationToken cancellationToken)
    {
        var giveUp = time.GetUtcNow() + DueTimes.Lease;
        try
        {
            while (!await IsToldAsync(tell) && time.GetUtcNow() < giveUp) await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
        }
        catch (Exception e)
        {
            // Told anew when its lease ends.
            if (!cancellationToken.IsCancellationRequested) LogFailed(e);
        }
        finally
        {
            _room.Release();
        }
    }

    // An outage may be over at any moment; until then the row says that it has been told.
    private static async Task<bool> IsToldAsync(Func<Task> tell)
    {
        try
        {
            await tell();
            return true;
        }
        catch (Exception e) when (DatabaseOutage.Is(e))
        {
            return false;
        }
    }

    private static DateTimeOffset Earliest(params ReadOnlySpan<DateTimeOffset> times)
    {
        var earliest = times[0];
        foreach (var at in times) earliest = at < earliest ? at : earliest;
        return earliest;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A deadline or timer could not be told; trying again")]
    private partial void LogFailed(Exception exception);
}
