using Conductor.Postgres.Workflows.Publication;
using Npgsql;

namespace Conductor.Postgres.Workflows.Retention;

/// <summary>Removes executions in one transaction, which only one server has at a time. Not thread-safe.</summary>
public sealed class EndedRemoval : IAsyncDisposable
{
    private static readonly string IsUnpublished = HistoryPublication.IsBehind("p.tx", "p.workflow_id", "p.number");
    private readonly ExclusiveTransaction _transaction;

    internal EndedRemoval(ExclusiveTransaction transaction) => _transaction = transaction;

    /// <summary>Executions of a definition that ended before a time, oldest first.</summary>
    public async Task<IReadOnlyList<EndedKey>> DueAsync(
        string name, DateTimeOffset before, int most, IReadOnlyCollection<Guid> except, CancellationToken cancellationToken)
    {
        await using var command = _transaction.Connection.Command("""
            SELECT id, ended_at, next_event FROM workflows.ended
            WHERE tenant = $1 AND name = $2 AND ended_at < $3 AND id <> ALL($4) ORDER BY ended_at LIMIT $5
            """, EndedExecutions.Tenant, name, before, except.ToArray(), most);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<EndedKey>();
        while (await row.ReadAsync(cancellationToken)) keys.Add(new EndedKey(row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetInt32(2)));
        return keys;
    }

    /// <summary>Everything that there is of executions, in one round trip; one of which something cannot be read is told, and not in the list.</summary>
    /// <param name="keys">The executions.</param>
    /// <param name="unreadable">Told of each that cannot be read, and why.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<EndedExecution>> LoadAsync(
        IReadOnlyList<EndedKey> keys, Action<Guid, Exception> unreadable, CancellationToken cancellationToken)
    {
        var rows = new EndedRows(unreadable);
        await using var batch = new NpgsqlBatch(_transaction.Connection);
        var ids = keys.Select(key => key.Id).ToArray();
        foreach (var statement in EndedRows.Statements) batch.Add(statement, ids);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await rows.ReadAsync(row, cancellationToken);
        return rows.Of(keys);
    }

    /// <summary>
    /// Removes executions that are as they were, with all that belongs to them, and commits. It waits for no row that somebody else has, and leaves
    /// executions of which something is still to be published.
    /// </summary>
    public async Task<RemovedRows> CommitAsync(IReadOnlyList<EndedKey> keys, CancellationToken cancellationToken)
    {
        var removed = await RemoveAsync(keys, cancellationToken);
        Guid[] gone = [.. removed.Select(execution => execution.Id)];
        await using var batch = new NpgsqlBatch(_transaction.Connection);
        // Their tasks tell whose the logs are: they go last.
        foreach (var statement in new[]
        {
            "DELETE FROM workflows.task_logs WHERE task_id = ANY(ARRAY(SELECT id FROM workflows.tasks WHERE workflow_id = ANY($1)))",
            "DELETE FROM workflows.history WHERE workflow_id = ANY($1)",
            "DELETE FROM workflows.idempotency_keys WHERE execution = ANY($1)",
            "DELETE FROM workflows.counted_tasks WHERE workflow_id = ANY($1)",
            "DELETE FROM workflows.tasks WHERE workflow_id = ANY($1)",
        }) batch.Add(statement, gone);
        batch.Add("""
            INSERT INTO workflows.history (workflow_id, number, at, events)
            SELECT id, number, clock_timestamp(),
                json_build_array(json_build_array('ExecutionRemoved', NULL, json_build_object('name', name, 'version', version)))
            FROM unnest($1::uuid[], $2::integer[], $3::text[], $4::integer[]) AS gone(id, number, name, version)
            WHERE EXISTS (SELECT FROM workflows.publications)
            """, gone, removed.Select(e => e.NextEvent).ToArray(), removed.Select(e => e.Name).ToArray(), removed.Select(e => e.Version).ToArray());
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await _transaction.CommitAsync(cancellationToken);
        int Rows(int statement) => (int)batch.BatchCommands[statement].RecordsAffected;
        return new RemovedRows(gone.Length, Rows(4), Rows(1), Rows(0), Rows(2));
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _transaction.DisposeAsync();

    private async Task<List<RemovedExecution>> RemoveAsync(IReadOnlyList<EndedKey> keys, CancellationToken cancellationToken)
    {
        await using var command = _transaction.Connection.Command($"""
            DELETE FROM workflows.ended WHERE id = ANY(ARRAY(
                SELECT e.id FROM workflows.ended e JOIN unnest($1::uuid[], $2::integer[]) AS n(id, next_event) ON e.id = n.id AND e.next_event = n.next_event
                WHERE NOT EXISTS (SELECT FROM workflows.history h, workflows.publications p WHERE h.workflow_id = e.id AND {IsUnpublished})
                FOR UPDATE OF e SKIP LOCKED)) RETURNING id, next_event, name, version
            """, keys.Select(key => key.Id).ToArray(), keys.Select(key => key.NextEvent).ToArray());
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var gone = new List<RemovedExecution>();
        while (await row.ReadAsync(cancellationToken)) gone.Add(new(row.GetGuid(0), row.GetInt32(1), row.GetString(2), row.GetInt32(3)));
        return gone;
    }

    private readonly record struct RemovedExecution(Guid Id, int NextEvent, string Name, int Version);
}
