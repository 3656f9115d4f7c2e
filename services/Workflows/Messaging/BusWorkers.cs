using Conductor.Contracts.Workflows;
using Conductor.Postgres.Workflows;
using Npgsql;

namespace Conductor.Workflows.Messaging;

/// <summary>Which task types have workers on the bus.</summary>
internal sealed class BusWorkers(NpgsqlDataSource source, TimeProvider time)
{
    // Three announcements missed.
    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(30);

    public Task AnnouncedAsync(WorkerAnnounced worker, CancellationToken cancellationToken) =>
        BusWorkerTable.SeenAsync(source, worker.TaskType, worker.Domain ?? "", worker.WorkerId, Math.Max(1, worker.Concurrency), time.GetUtcNow(), cancellationToken);

    public Task<IReadOnlyList<BusCapacity>> LiveAsync(CancellationToken cancellationToken) => BusWorkerTable.LiveAsync(source, time.GetUtcNow() - Alive, cancellationToken);
}
