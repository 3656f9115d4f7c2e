using Conductor.Postgres;
using Conductor.Postgres.Workflows;
using Conductor.ServiceDefaults.Changes;
using Conductor.Workflows.Definitions;
using Conductor.Workflows.Messaging;
using Conductor.Workflows.Tasks;

namespace Conductor.Workflows.Sagas;

/// <summary>Listens to what commits tell (<see cref="Notifications"/>), for as long as the service runs.</summary>
internal sealed partial class NotificationListener(
    Notifications notifications, TaskPolls polls, DueWork due, BusDispatch bus, DefinitionCatalog catalog, ChangeFeed changes, TimeProvider time,
    ILogger<NotificationListener> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await notifications.ListenAsync(Listening, ExecutionsChanged, DefinitionsChanged, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (DatabaseOutage.Is(e))
            {
                LogLost(e);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    // Whatever was told while nobody listened.
    private void Listening()
    {
        catalog.Forget();
        polls.Signal(Notifications.Every);
    }

    private void ExecutionsChanged(IReadOnlyList<string> queues)
    {
        foreach (var queue in queues) polls.Signal(queue);
        due.Signal();
        bus.Signal();
        changes.Changed("workflows");
    }

    private void DefinitionsChanged()
    {
        catalog.Forget();
        changes.Changed("definitions");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection that listens for notifications was lost; listening again")]
    private partial void LogLost(Exception exception);
}
