using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>What the workers on the bus can take of one task type (in one domain; empty for none).</summary>
/// <param name="TaskType">The type.</param>
/// <param name="Domain">The domain.</param>
/// <param name="Concurrency">Attempts that all of its workers execute at a time.</param>
public sealed record BusCapacity(string TaskType, string Domain, int Concurrency);

/// <summary>Workers on the bus, as they announce themselves.</summary>
public sealed class BusWorkerTable(NpgsqlDataSource source)
{
    /// <summary>Notes that a worker lives.</summary>
    public async Task SeenAsync(string taskType, string domain, string workerId, int concurrency, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = source.Command("""
            INSERT INTO workflows.bus_workers (task_type, domain, worker_id, concurrency, seen_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (tenant, task_type, domain, worker_id) DO UPDATE SET concurrency = excluded.concurrency, seen_at = excluded.seen_at
            """, taskType, domain, workerId, concurrency, now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Task types with workers that were seen since.</summary>
    public async Task<IReadOnlyList<BusCapacity>> LiveAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var command = source.Command(
            "SELECT task_type, domain, sum(concurrency)::integer FROM workflows.bus_workers WHERE seen_at >= $1 GROUP BY task_type, domain", since);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var live = new List<BusCapacity>();
        while (await row.ReadAsync(cancellationToken)) live.Add(new BusCapacity(row.GetString(0), row.GetString(1), row.GetInt32(2)));
        return live;
    }
}
