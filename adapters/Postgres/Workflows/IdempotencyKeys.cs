using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>Who has an idempotency key.</summary>
/// <param name="Execution">The execution that it stands for.</param>
/// <param name="Status">Its status by Conductor's name; null while it has not started.</param>
/// <param name="Age">For how long it has the key.</param>
public sealed record KeyOwner(Guid Execution, string? Status, TimeSpan Age);

/// <summary>Which execution a caller's key stands for; the table's primary key makes it one, however many ask at a time.</summary>
public sealed class IdempotencyKeys(NpgsqlDataSource source)
{
    /// <summary>Claims a key of a workflow for an execution, unless another one has it; tells who has it then.</summary>
    public async Task<KeyOwner> ClaimAsync(string workflow, string key, Guid execution, CancellationToken cancellationToken)
    {
        // The update changes nothing: it locks the row of whoever was first, and returns it.
        await using var command = source.Command("""
            WITH owner AS (
                INSERT INTO workflows.idempotency_keys AS k (workflow, key, execution) VALUES ($1, $2, $3)
                ON CONFLICT (tenant, workflow, key) DO UPDATE SET execution = k.execution RETURNING k.execution, k.claimed_at)
            SELECT o.execution, i.status, clock_timestamp() - o.claimed_at FROM owner o LEFT JOIN workflows.executions i ON i.id = o.execution
            """, workflow, key, execution);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new KeyOwner(row.GetGuid(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetTimeSpan(2));
    }

    /// <summary>Gives the key of one execution to another; false when it has a new owner already.</summary>
    public async Task<bool> TakeOverAsync(string workflow, string key, Guid from, Guid to, CancellationToken cancellationToken)
    {
        await using var command = source.Command("""
            UPDATE workflows.idempotency_keys SET execution = $4, claimed_at = clock_timestamp()
            WHERE tenant = 1 AND workflow = $1 AND key = $2 AND execution = $3
            """, workflow, key, from, to);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Frees the key of an execution that was not started.</summary>
    public async Task ReleaseAsync(string workflow, string key, Guid execution, CancellationToken cancellationToken)
    {
        await using var command = source.Command(
            "DELETE FROM workflows.idempotency_keys WHERE tenant = 1 AND workflow = $1 AND key = $2 AND execution = $3", workflow, key, execution);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
