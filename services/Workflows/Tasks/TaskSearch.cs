using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Sagas;

namespace Conductor.Workflows.Tasks;

/// <summary>
/// With several servers: takes over tasks that another one was to hand out and that wait there for longer than a moment, because it has no workers or is
/// gone, while workers ask here. Two that take the same task over both try to hand it out; one succeeds.
/// </summary>
internal sealed class TaskSearch(TaskQueueTable table, TaskQueues queues, LiveServers servers, BackgroundLoops loops, TimeProvider time) : BackgroundService
{
    private const int MostOfEach = 100;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the search for tasks of other servers", TurnAsync, stoppingToken);

    private async Task TurnAsync(BackgroundLoop loop, CancellationToken cancellationToken)
    {
        await loop.RestAsync(Task.Delay(Every, time, cancellationToken));
        var wanting = queues.TakeWanting();
        if (wanting.Count == 0 || !servers.AreOthers) return;
        foreach (var task in await table.LeftAsync(wanting, time.GetUtcNow() - Every, MostOfEach, cancellationToken)) queues.Add(task);
    }
}
