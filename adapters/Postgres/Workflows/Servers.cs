using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>The servers that use the database at a time, as they show themselves. Times are the database's own.</summary>
public sealed class Servers(NpgsqlDataSource source)
{
    /// <summary>A server that has not shown itself for so long is taken for gone.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    /// <summary>Shows that a server lives, and tells which ones do, itself included, in the order of their ids. All are told who comes or goes.</summary>
    public async Task<IReadOnlyList<Guid>> ShowAsync(Guid server, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        batch.Add("""
            WITH gone AS (DELETE FROM workflows.servers WHERE seen_at < clock_timestamp() - $1 AND id <> $2 RETURNING 1),
            shown AS (
                INSERT INTO workflows.servers (id, seen_at) VALUES ($2, clock_timestamp())
                ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at RETURNING xmax = 0 AS is_new)
            SELECT pg_notify($3, '') WHERE EXISTS (SELECT FROM gone) OR EXISTS (SELECT FROM shown WHERE is_new)
            """, Silence, server, Notifications.Servers);
        batch.Add("SELECT id FROM workflows.servers ORDER BY id");
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await row.NextResultAsync(cancellationToken);
        var live = new List<Guid>();
        while (await row.ReadAsync(cancellationToken)) live.Add(row.GetGuid(0));
        return live;
    }

    /// <summary>A server goes.</summary>
    public async Task LeaveAsync(Guid server, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        batch.Add("DELETE FROM workflows.servers WHERE id = $1", server);
        batch.Add("SELECT pg_notify($1, '')", Notifications.Servers);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
