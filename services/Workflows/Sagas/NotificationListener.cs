using Conductor.ServiceDefaults.Changes;
using Conductor.Workflows.Definitions;
using Conductor.Workflows.Messaging;
using Conductor.Workflows.Tasks;
using Npgsql;

namespace Conductor.Workflows.Sagas;

/// <summary>Listens to what commits tell (<see cref="Notifications"/>), on a connection of its own, for as long as the service runs.</summary>
internal sealed partial class NotificationListener(NpgsqlDataSource source, TaskPolls polls, DueWork due, BusDispatch bus, DefinitionCatalog catalog, ChangeFeed changes, TimeProvider time, ILogger<NotificationListener> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

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
            catch (Exception e) when (e is NpgsqlException or System.Net.Sockets.SocketException)
            {
                LogLost(e);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notification) => Handle(notification.Channel, notification.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {Notifications.Tasks}; LISTEN {Notifications.Definitions}", connection))
            await listen.ExecuteNonQueryAsync(cancellationToken);
        // Whatever was told while nobody listened.
        catalog.Forget();
        polls.Signal(Notifications.Every);
        while (true) await connection.WaitAsync(cancellationToken);
    }

    private void Handle(string channel, string payload)
    {
        if (channel == Notifications.Definitions)
        {
            catalog.Forget();
            changes.Changed("definitions");
            return;
        }
        foreach (var queue in payload.Split('\n', StringSplitOptions.RemoveEmptyEntries)) polls.Signal(queue);
        due.Signal();
        bus.Signal();
        changes.Changed("workflows");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection that listens for notifications was lost; listening again")]
    private partial void LogLost(Exception exception);
}
