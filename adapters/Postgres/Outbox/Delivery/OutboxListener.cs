using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Conductor.Postgres.Outbox.Delivery;

/// <summary>Wakes the delivery when another process notifies, over a connection of its own.</summary>
internal sealed class OutboxListener(NpgsqlDataSource source, OutboxOptions options, OutboxDelivery delivery, ILogger<OutboxListener> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                OutboxLog.LostListener(logger, e);
                await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(1), stoppingToken));
            }
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await using var connection = await source.OpenConnectionAsync(stoppingToken);
        connection.Notification += (_, _) => delivery.Wake();
        await using (var listen = new NpgsqlCommand($"LISTEN {options.Schema}_outbox", connection)) await listen.ExecuteNonQueryAsync(stoppingToken);
        // What was notified while nobody listened.
        delivery.Wake();
        while (true) await connection.WaitAsync(stoppingToken);
    }
}
