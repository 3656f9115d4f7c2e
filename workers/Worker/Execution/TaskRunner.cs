using Conductor.Contracts.Workflows;
using Conductor.Worker.Handlers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Conductor.Worker.Execution;

/// <summary>Runs one attempt: keeps its lease meanwhile, and makes a report of whatever comes of it.</summary>
internal sealed class TaskRunner(IServiceScopeFactory scopes, TimeProvider time, ILogger<TaskRunner> logger)
{
    /// <param name="handler">Whom to call.</param>
    /// <param name="task">The attempt.</param>
    /// <param name="extendLease">Tells the server that the attempt is alive.</param>
    /// <param name="giveUp">The process cannot wait any longer: the attempt is cancelled and given back.</param>
    public async Task<TaskReport> RunAsync(
        TaskHandler handler, Assignment task, Func<Assignment, CancellationToken, Task> extendLease, CancellationToken giveUp)
    {
        var started = time.GetTimestamp();
        var activity = WorkerTelemetry.Start(task);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(giveUp);
        var lease = KeepLeaseAsync(task, extendLease, ended.Token);
        var report = await ExecuteAsync(handler, task, giveUp);
        await ended.CancelAsync();
        await lease;
        WorkerTelemetry.Stop(activity, report, time.GetElapsedTime(started));
        return report;
    }

    private async Task<TaskReport> ExecuteAsync(TaskHandler handler, Assignment task, CancellationToken giveUp)
    {
        var context = new TaskContext(task);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var output = TaskJson.Write(await handler.ExecuteAsync(scope.ServiceProvider, context, giveUp));
            return context.Callback is { } delay
                ? new TaskReport(task, TaskOutcome.InProgress) { Output = output, CallbackAfter = delay, Logs = context.Logs }
                : new TaskReport(task, TaskOutcome.Completed) { Output = output, Logs = context.Logs };
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            return TaskReport.GiveBack(task) with { Logs = context.Logs };
        }
        catch (TaskFailedException e)
        {
            var outcome = e.IsTerminal ? TaskOutcome.FailedWithTerminalError : TaskOutcome.Failed;
            return new TaskReport(task, outcome) { Reason = e.Message, Logs = context.Logs };
        }
        catch (Exception e)
        {
            logger.LogWarning(e, "task {TaskType} {TaskId} failed", task.TaskType, task.TaskId);
            return new TaskReport(task, TaskOutcome.Failed) { Reason = e.Message, Logs = context.Logs };
        }
    }

    // Three times within the response timeout, so that two extensions may fail; one that fails is repeated sooner.
    private async Task KeepLeaseAsync(Assignment task, Func<Assignment, CancellationToken, Task> extendLease, CancellationToken ended)
    {
        if (task.ResponseTimeout <= TimeSpan.Zero) return;
        var (period, repeat) = (task.ResponseTimeout / 3, task.ResponseTimeout / 10);
        var pause = task.HasWaited ? TimeSpan.Zero : period;
        while (true)
        {
            await Task.Delay(pause, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested) return;
            try
            {
                pause = repeat;
                await extendLease(task, ended);
                pause = period;
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                WorkerTelemetry.ServerFailed("lease");
                logger.LogWarning(e, "the lease of task {TaskType} {TaskId} could not be extended", task.TaskType, task.TaskId);
            }
        }
    }
}
