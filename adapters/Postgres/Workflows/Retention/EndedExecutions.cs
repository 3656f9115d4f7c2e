using Npgsql;

namespace Conductor.Postgres.Workflows.Retention;

/// <summary>When the oldest of a definition's executions in the database ended.</summary>
public sealed record OldestEnded(string Name, DateTimeOffset EndedAt);

/// <summary>Executions that have ended, for whoever removes them.</summary>
public sealed class EndedExecutions(NpgsqlDataSource source)
{
    internal const int Tenant = 1;

    /// <summary>The oldest of each definition: one look at the index for each.</summary>
    public async Task<IReadOnlyList<OldestEnded>> OldestAsync(CancellationToken cancellationToken)
    {
        await using var command = source.Command("""
            WITH RECURSIVE oldest AS (
                (SELECT name, ended_at FROM workflows.ended WHERE tenant = $1 ORDER BY name, ended_at LIMIT 1)
                UNION ALL
                SELECT n.name, n.ended_at FROM oldest o CROSS JOIN LATERAL (
                    SELECT name, ended_at FROM workflows.ended WHERE tenant = $1 AND name > o.name ORDER BY name, ended_at LIMIT 1) n)
            SELECT name, ended_at FROM oldest
            """, Tenant);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var oldest = new List<OldestEnded>();
        while (await row.ReadAsync(cancellationToken)) oldest.Add(new OldestEnded(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1)));
        return oldest;
    }

    /// <summary>Begins a removal; null while another server, or another call here, is at it. Dispose it: what was not committed stays.</summary>
    public async Task<EndedRemoval?> BeginAsync(CancellationToken cancellationToken) =>
        await ExclusiveTransaction.TryBeginAsync(source, "conductor.retention", cancellationToken) is { } transaction ? new EndedRemoval(transaction) : null;
}
