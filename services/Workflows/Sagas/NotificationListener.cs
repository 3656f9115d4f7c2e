using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows;
using Conductor.ServiceDefaults.Changes;
using Conductor.Workflows.Definitions;
using Conductor.Workflows.Messaging;
using Conductor.Workflows.Tasks;

namespace Conductor.Workflows.Sagas;

/// <summary>Listens to what commits tell (<see cref="Notifications"/>), for as long as the service runs.</summary>
internal sealed class NotificationListener(
    Notifications notifications, TaskPolls polls, BusDispatch bus, DefinitionCatalog catalog, TypeLimits limits, ChangeFeed changes, BackgroundLoops loops)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync(
        "the listener for notifications",
        (loop, stop) => loop.RestAsync(notifications.ListenAsync(Listening, ExecutionsChanged, DefinitionsChanged, stop)), stoppingToken);

    // Whatever was told while nobody listened.
    private void Listening()
    {
        DefinitionsChanged();
        ExecutionsChanged([Notifications.Every]);
    }

    private void ExecutionsChanged(IReadOnlyList<string> queues)
    {
        foreach (var queue in queues) polls.Signal(queue);
        bus.Signal();
        changes.Changed("workflows");
    }

    private void DefinitionsChanged()
    {
        catalog.Forget();
        limits.Forget();
        changes.Changed("definitions");
    }
}
