using Conductor.Contracts.Workflows;
using Conductor.Worker.Execution;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Conductor.Worker.Bus;

/// <summary>Consumes the queue of every task type of the process, and stops gracefully.</summary>
internal sealed class TaskConsumers(
    IReceiveEndpointConnector connector, ConductorWorkersBuilder options, BusTasks tasks, TaskRunner runner, TimeProvider time, ILogger<TaskConsumer> logger)
    : IHostedLifecycleService, IDisposable
{
    private readonly WorkerStop _stop = new(time);
    private readonly List<HostReceiveEndpointHandle> _endpoints = [];

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Only now is the bus sure to be up, whichever was registered first.
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var handler in options.Handlers)
        {
            var consumer = new TaskConsumer(handler, tasks, runner, _stop, time, logger);
            _endpoints.Add(connector.ConnectReceiveEndpoint(handler.QueueName, (_, endpoint) =>
            {
                endpoint.ConfigureConsumeTopology = false;
                // No command waits in this process for another one to end: some other worker could have it.
                endpoint.PrefetchCount = handler.Concurrency;
                endpoint.ConcurrentMessageLimit = handler.Concurrency;
                endpoint.Handler<ExecuteTask>(consumer.ExecuteAsync);
            }));
        }
        foreach (var endpoint in _endpoints) await endpoint.Ready.WaitAsync(cancellationToken);
    }

    public Task StoppingAsync(CancellationToken cancellationToken) =>
        _stop.StopAsync(Task.WhenAll(_endpoints.Select(endpoint => endpoint.StopAsync(CancellationToken.None))), options.StopTimeout, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stop.Dispose();
}
