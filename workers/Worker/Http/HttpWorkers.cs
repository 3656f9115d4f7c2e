using Conductor.Worker.Execution;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Conductor.Worker.Http;

/// <summary>Polls for every task type of the process, and stops gracefully.</summary>
internal sealed class HttpWorkers(ConductorWorkersBuilder options, HttpTasks tasks, TaskRunner runner, TimeProvider time, ILogger<HttpWorkers> logger)
    : IHostedService, IDisposable
{
    private readonly WorkerStop _stop = new(time);
    private readonly List<HttpPoller> _pollers = [];
    private Task _work = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        logger.LogInformation("polls {Server} for {TaskTypes}", tasks.Server, string.Join(", ", options.Handlers.Select(handler => handler.TaskType)));
        _pollers.AddRange(options.Handlers.Select(handler => new HttpPoller(handler, tasks, runner, _stop, time, logger)));
        _work = Task.WhenAll(_pollers.Select(poller => Task.Run(poller.RunAsync, CancellationToken.None)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stop.StopAsync(_work, options.StopTimeout, cancellationToken);

    public void Dispose()
    {
        foreach (var poller in _pollers) poller.Dispose();
        _stop.Dispose();
    }
}
