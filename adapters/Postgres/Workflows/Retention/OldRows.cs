using Npgsql;

namespace Conductor.Postgres.Workflows.Retention;

/// <summary>Removes rows that no execution needs any more, a limited number at a time.</summary>
public sealed class OldRows(NpgsqlDataSource source)
{
    /// <summary>The most rows that one call removes, or looks at.</summary>
    public const int Step = 1000;

    /// <summary>Forgets who asked for tasks before a time. Returns how many rows that were.</summary>
    public async Task<int> ForgetPollsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var command = source.Command("""
            DELETE FROM workflows.poll_data WHERE ctid = ANY(ARRAY(SELECT ctid FROM workflows.poll_data WHERE polled_at < $1 LIMIT $2))
            """, before, Step);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Forgets workers on the bus that were last heard of before a time. Returns how many.</summary>
    public async Task<int> ForgetBusWorkersAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var command = source.Command("""
            DELETE FROM workflows.bus_workers WHERE ctid = ANY(ARRAY(SELECT ctid FROM workflows.bus_workers WHERE seen_at < $1 LIMIT $2))
            """, before, Step);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Removes lines that were written before a time about tasks that are no more: of a run that a restart has replaced, or written after the removal
    /// of the execution. It walks through the table, from one line to the next.
    /// </summary>
    /// <param name="after">Where the last call has stopped; 0 to begin.</param>
    /// <param name="before">Later lines stay.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Where it has stopped, 0 at the end of the table, and how many lines went.</returns>
    public async Task<(long Last, int Removed)> RemoveStrayLogsAsync(long after, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var command = source.Command("""
            WITH step AS (SELECT id, task_id, created_at FROM workflows.task_logs WHERE id > $1 ORDER BY id LIMIT $3),
            gone AS (
                DELETE FROM workflows.task_logs l USING step s
                WHERE l.id = s.id AND s.created_at < $2 AND NOT EXISTS (SELECT FROM workflows.tasks t WHERE t.id = s.task_id) RETURNING 1)
            SELECT CASE WHEN count(*) = $3 THEN max(id) ELSE 0 END, (SELECT count(*) FROM gone)::integer FROM step
            """, after, before, Step);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (row.GetInt64(0), row.GetInt32(1));
    }
}
