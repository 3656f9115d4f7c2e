using Conductor.Contracts.Workflows;
using Conductor.Postgres.Workflows;

namespace Conductor.Workflows.Messaging;

/// <summary>Which task types have workers on the bus. Read from the database every few seconds, or when a worker announces itself here.</summary>
internal sealed class AnnouncedWorkers(BusWorkerTable table, TimeProvider time)
{
    // Three announcements missed.
    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);
    private IReadOnlyList<BusCapacity> _live = [];
    private DateTimeOffset _readAgain = DateTimeOffset.MinValue;

    public async Task AnnouncedAsync(WorkerAnnounced worker, CancellationToken cancellationToken)
    {
        var domain = worker.Domain ?? "";
        await table.SeenAsync(worker.TaskType, domain, worker.WorkerId, Math.Max(1, worker.Concurrency), time.GetUtcNow(), cancellationToken);
        if (!_live.Any(c => c.TaskType == worker.TaskType && c.Domain == domain)) _readAgain = DateTimeOffset.MinValue;
    }

    public async Task<IReadOnlyList<BusCapacity>> LiveAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now < _readAgain) return _live;
        _readAgain = now + Fresh;
        return _live = await table.LiveAsync(now - Alive, cancellationToken);
    }
}
