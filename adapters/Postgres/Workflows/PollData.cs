using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>When a worker last asked for tasks of a type. An empty domain means none.</summary>
public sealed record PollDataRow(string TaskType, string Domain, string WorkerId, DateTimeOffset PolledAt);

/// <summary>Who asks for which tasks.</summary>
public sealed class PollData(NpgsqlDataSource source)
{
    /// <summary>Writes the latest polls.</summary>
    public async Task WriteAsync(IReadOnlyList<PollDataRow> rows, CancellationToken cancellationToken)
    {
        await using var command = source.Command("""
            INSERT INTO workflows.poll_data (queue, domain, worker_id, polled_at) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
            ON CONFLICT (tenant, queue, domain, worker_id) DO UPDATE SET polled_at = excluded.polled_at
            """,
            rows.Select(r => r.TaskType).ToArray(), rows.Select(r => r.Domain).ToArray(), rows.Select(r => r.WorkerId).ToArray(),
            rows.Select(r => r.PolledAt).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Worker domains of which a worker, over HTTP or on the bus, was heard since; with its last time.</summary>
    public async Task<IReadOnlyList<(string TaskType, string Domain, DateTimeOffset At)>> DomainsAsync(
        DateTimeOffset since, CancellationToken cancellationToken)
    {
        // A worker on the bus announces itself at intervals: a silent one is taken for gone after three of them.
        await using var command = source.Command("""
            SELECT queue, domain, max(at) FROM (
                SELECT queue, domain, polled_at AS at FROM workflows.poll_data WHERE domain <> '' AND polled_at >= $1
                UNION ALL SELECT task_type, domain, seen_at + interval '20 seconds' FROM workflows.bus_workers
                WHERE domain <> '' AND seen_at + interval '20 seconds' >= $1) heard
            GROUP BY queue, domain
            """, since);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var domains = new List<(string, string, DateTimeOffset)>();
        while (await row.ReadAsync(cancellationToken)) domains.Add((row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2)));
        return domains;
    }

    /// <summary>The polls of a type, or of all.</summary>
    public async Task<IReadOnlyList<PollDataRow>> ReadAsync(string? taskType, CancellationToken cancellationToken)
    {
        await using var command = source.Command("""
            SELECT queue, domain, worker_id, polled_at FROM workflows.poll_data WHERE $1::text IS NULL OR queue = $1 ORDER BY queue, domain, worker_id
            """, taskType);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<PollDataRow>();
        while (await row.ReadAsync(cancellationToken))
            rows.Add(new PollDataRow(row.GetString(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3)));
        return rows;
    }
}
