using Conductor.Postgres;
using Conductor.Postgres.Workflows;
using Conductor.Sagas.Workflow;
using Conductor.Workflows.Executions;
using MassTransit;
using MassTransit.Mediator;

namespace Conductor.Workflows.Tasks;

/// <summary>
/// The service's clock: tells the saga of deadlines that have passed and of timers that are due. It sleeps until the next one; a commit
/// that may have brought an earlier one wakes it.
/// </summary>
internal sealed partial class DueWork(
    DueTimes times, IMediator mediator, TimeProvider time, ILogger<DueWork> logger) : BackgroundService
{
    private const int Most = 500;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);
    private TaskCompletionSource _signal = NewSignal();

    /// <summary>There may be an earlier deadline or timer.</summary>
    public void Signal() => _signal.TrySetResult();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                _signal = NewSignal();
                var left = await times.NextDueAsync(stoppingToken) - time.GetUtcNow() ?? Longest;
                if (left <= TimeSpan.Zero) await TellAsync(stoppingToken);
                else await SleepAsync(left, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(e);
                await Task.Delay(Longest / 10, time, stoppingToken);
            }
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var deadlines = await times.PassedDeadlinesAsync(now, Most, cancellationToken);
        var timers = await times.DueTimersAsync(now, Most, cancellationToken);
        await Task.WhenAll(deadlines.Select(d => TellAsync(new TaskDeadlinePassed(d.WorkflowId, d.TaskId, d.Kind), d.WorkflowId, d.TaskId, cancellationToken)));
        await Task.WhenAll(timers.Select(t => FireAsync(t, cancellationToken)));
    }

    private async Task FireAsync(DueTimer timer, CancellationToken cancellationToken)
    {
        var told = new WorkflowTimerElapsed(timer.WorkflowId, timer.Token, timer.TaskId, timer.Purpose);
        if (await TellAsync(told, timer.WorkflowId, timer.TaskId, cancellationToken)) await times.RemoveTimerAsync(timer.Token, cancellationToken);
    }

    // One that fails does not hold up the others; it is due again in half a minute.
    private async Task<bool> TellAsync<T>(T message, Guid workflowId, Guid? taskId, CancellationToken cancellationToken)
        where T : class
    {
        using var scope = logger.BeginExecution(workflowId, taskId);
        try
        {
            await mediator.Send(message, cancellationToken);
            return true;
        }
        catch (Exception e) when (!DatabaseOutage.Is(e) && !cancellationToken.IsCancellationRequested)
        {
            LogTellingFailed(e, typeof(T).Name);
            return false;
        }
    }

    private async Task SleepAsync(TimeSpan left, CancellationToken cancellationToken)
    {
        var signal = _signal.Task;
        await Task.WhenAny(signal, Task.Delay(left > Longest ? Longest : left, time, cancellationToken));
        // Commits come in bursts, and each may bring a deadline: one look for all of them.
        if (signal.IsCompleted) await Task.Delay(left < Shortest ? left : Shortest, time, cancellationToken);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deadlines and timers could not be told; trying again")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Message} failed; trying again")]
    private partial void LogTellingFailed(Exception exception, string message);
}
