using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Sagas;

namespace Conductor.Workflows.Tasks;

/// <summary>
/// Fills the queues in memory from the database: at the start, when servers have come or gone, and whenever something may have been missed. Between
/// that they are filled by commits and notifications. A queue that is too long for the memory is read again when most of what it had is handed out.
/// </summary>
internal sealed class QueueLoader(
    TaskQueueTable table, TaskQueues queues, LiveServers servers, ExecutionCache cache, BackgroundLoops loops, TimeProvider time) : BackgroundService
{
    private readonly Signal _asked = new();

    /// <summary>Something may be missing.</summary>
    public void Load() => _asked.Raise();

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        (servers.Changed, queues.Refill) = (ServersChanged, Load);
        return loops.RunAsync("the loader of queues", TurnAsync, stoppingToken);
    }

    private void ServersChanged()
    {
        cache.Clear();
        Load();
    }

    private async Task TurnAsync(BackgroundLoop loop, CancellationToken cancellationToken)
    {
        await loop.RestAsync(_asked.WaitAsync(Timeout.InfiniteTimeSpan, time, cancellationToken));
        try
        {
            await table.ReadAsync(
                task =>
                {
                    if (servers.HomeOf(task.TaskId) == servers.Id) queues.Add(task);
                }, cancellationToken);
        }
        catch
        {
            Load();
            throw;
        }
    }
}
