using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows;
using Conductor.ServiceDefaults.Changes;
using Conductor.Workflows.Definitions;
using Conductor.Workflows.Messaging;
using Conductor.Workflows.Tasks;

namespace Conductor.Workflows.Sagas;

/// <summary>Listens to what other servers tell (<see cref="Notifications"/>), for as long as the service runs.</summary>
internal sealed class NotificationListener(
    Notifications notifications, LiveServers servers, QueueLoader loader, TaskQueues queues, BusDispatch bus, DefinitionCatalog catalog, TypeLimits limits,
    ChangeFeed changes, BackgroundLoops loops) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync(
        "the listener for notifications",
        (loop, stop) => loop.RestAsync(notifications.ListenAsync(Listening, ExecutionsChanged, DefinitionsChanged, servers.Look, stop)), stoppingToken);

    // Whatever was told while nobody listened.
    private void Listening()
    {
        servers.Look();
        loader.Load();
        DefinitionsChanged();
        changes.Changed("workflows");
    }

    private void ExecutionsChanged(Guid server, IReadOnlyList<QueuedTask> tasks)
    {
        if (server == servers.Id)
            foreach (var task in tasks) queues.Add(task);
        bus.Signal();
        changes.Changed("workflows");
    }

    private void DefinitionsChanged()
    {
        catalog.Forget();
        limits.Forget();
        queues.Unblock();
        changes.Changed("definitions");
    }
}
