using Conductor.Contracts.Workflows;
using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows.Publication;

namespace Conductor.Workflows.Publication;

/// <summary>In the place of <see cref="ExecutionPublisher"/> where nothing is published: retention does not wait for it.</summary>
internal sealed class NoPublication(HistoryPublication history, BackgroundLoops loops) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the end of the publication of executions", async (loop, cancel) =>
    {
        await history.EndAsync(ExecutionChanged.Topic, cancel);
        await loop.RestAsync(Task.Delay(Timeout.Infinite, cancel));
    }, stoppingToken);
}
