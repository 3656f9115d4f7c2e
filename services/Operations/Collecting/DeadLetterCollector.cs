using Conductor.Postgres.Supervision;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Conductor.Operations.Collecting;

/// <summary>Reads every queue of dead letters that there is, and looks from time to time whether there are more.</summary>
internal sealed class DeadLetterCollector(
    BackgroundLoops loops, BrokerConnections connections, DeadLetterIntake intake, IOptions<OperationsOptions> options, TimeProvider time) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("collecting dead letters", TurnAsync, stoppingToken);

    // A turn lasts as long as a connection: whatever fails ends it, and what was not acknowledged comes again on the next.
    private async Task TurnAsync(BackgroundLoop loop, CancellationToken stopping)
    {
        await using var connection = await connections.OpenAsync("dead letters", stopping);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var reading = new Dictionary<string, Task>(StringComparer.Ordinal);
        try
        {
            while (true)
            {
                await OpenAsync(connection, reading, ending.Token);
                await loop.RestAsync(Task.WhenAny([Task.Delay(options.Value.LookEvery, time, ending.Token), .. reading.Values]));
                stopping.ThrowIfCancellationRequested();
                foreach (var ended in reading.Values.Where(task => task.IsCompleted)) await ended;
            }
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(reading.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task OpenAsync(IConnection connection, Dictionary<string, Task> reading, CancellationToken ending)
    {
        foreach (var queue in options.Value.AllQueues.Where(queue => !reading.ContainsKey(queue)))
            if (await intake.TryOpenAsync(connection, queue, ending) is { } consumer) reading[queue] = intake.TakeInAsync(consumer, ending);
    }
}
