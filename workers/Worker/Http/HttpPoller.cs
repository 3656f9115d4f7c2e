using System.Collections.Concurrent;
using Conductor.Worker.Execution;
using Conductor.Worker.Handlers;
using Microsoft.Extensions.Logging;

namespace Conductor.Worker.Http;

/// <summary>Polls for one task type, never for more than it can start at once.</summary>
internal sealed class HttpPoller(TaskHandler handler, HttpTasks tasks, TaskRunner runner, WorkerStop stop, TimeProvider time, ILogger logger) : IDisposable
{
    // A server that does not hold the poll back is not asked more often than this.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _free = new(handler.Concurrency);
    private readonly ConcurrentDictionary<Assignment, Task> _running = new(ReferenceEqualityComparer.Instance);

    public async Task RunAsync()
    {
        var failing = new BackOff(time);
        while (await TakeSlotsAsync() is var slots and > 0)
        {
            IReadOnlyList<Assignment> polled = [];
            var asked = time.GetTimestamp();
            try
            {
                // Without a token: an answer that nobody reads would cost its tasks a lease.
                polled = await tasks.PollAsync(handler, slots);
                failing.Reset();
                tasks.Outage.Succeeded();
            }
            catch (Exception e)
            {
                WorkerTelemetry.ServerFailed("poll");
                tasks.Outage.Failed(e.Message);
                await failing.WaitAsync(stop.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            if (polled.Count < slots) _free.Release(slots - polled.Count);
            foreach (var task in polled) Start(task);
            if (polled.Count == 0 && time.GetElapsedTime(asked) < ShortestPause)
                await Task.Delay(ShortestPause, time, stop.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(_running.Values);
    }

    public void Dispose() => _free.Dispose();

    private async Task<int> TakeSlotsAsync()
    {
        await _free.WaitAsync(stop.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stop.Stopping.IsCancellationRequested) return 0;
        var slots = 1;
        while (await _free.WaitAsync(TimeSpan.Zero)) slots++;
        return slots;
    }

    private void Start(Assignment task)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[task] = done.Task;
        _ = Task.Run(async () =>
        {
            try
            {
                await ExecuteAsync(task);
            }
            catch (Exception e)
            {
                logger.LogError(e, "task {TaskType} {TaskId} is left to its lease", task.TaskType, task.TaskId);
            }
            _running.TryRemove(task, out _);
            _free.Release();
            done.SetResult();
        });
    }

    // The next task that comes with the answer keeps the slot.
    private async Task ExecuteAsync(Assignment first)
    {
        for (var task = first; task is not null;)
        {
            var report = stop.Stopping.IsCancellationRequested
                ? TaskReport.GiveBack(task)
                : await runner.RunAsync(handler, task, tasks.ExtendLeaseAsync, stop.GiveUp);
            task = await tasks.ReportAsync(report, takeNext: !stop.Stopping.IsCancellationRequested, stop.Abandon);
        }
    }
}
