using Npgsql;

namespace Conductor.Postgres.Workflows.Publication;

/// <summary>
/// What happened to executions, for whoever publishes it: in the order in which transactions began to write, and only of transactions before which none
/// is under way any more. A transaction reads an execution before it begins to write, so that of two that changed one execution the later has the larger
/// number.
/// </summary>
public sealed class HistoryPublication(NpgsqlDataSource source)
{
    // Rows h of the history behind a position p.
    internal const string IsOpen = "h.tx >= p.tx AND (h.tx > p.tx OR (h.workflow_id, h.number) > (p.workflow_id, p.number))";

    private static readonly HistoryPosition Beginning = new("0", Guid.Empty, 0);

    /// <summary>
    /// Begins to publish what comes next; null while another server is at it, or where to look again. Dispose it: what was not committed comes again.
    /// </summary>
    /// <param name="topic">Names the publication, which begins at the beginning of what is there.</param>
    /// <param name="most">Rows at a time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<UnpublishedHistory?> BeginAsync(string topic, int most, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var (position, isRestored) = await TakeAsync(connection, topic, cancellationToken);
            if (position is not null && !isRestored)
                return new(connection, transaction, topic, await ReadAsync(connection, position, most, cancellationToken));
            if (isRestored) await MendAsync(connection, topic, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            await transaction.DisposeAsync();
            // What has been mended is read by whoever comes next: its transaction has to be over.
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        await connection.DisposeAsync();
        return null;
    }

    /// <summary>Nothing is published any more: what would wait for it does not.</summary>
    public async Task EndAsync(string topic, CancellationToken cancellationToken)
    {
        await using var command = source.Command("DELETE FROM workflows.publications WHERE topic = $1", topic);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<(HistoryPosition? Position, bool IsRestored)> TakeAsync(
        NpgsqlConnection connection, string topic, CancellationToken cancellationToken)
    {
        await using var take = connection.Command("""
            SELECT tx::text, workflow_id, number, tx > pg_snapshot_xmax(pg_current_snapshot())
            FROM pg_try_advisory_xact_lock(hashtextextended('conductor.publication.' || $1, 0)) AS taken
            LEFT JOIN workflows.publications ON topic = $1 WHERE taken
            """, topic);
        await using var row = await take.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) return default;
        return row.IsDBNull(0) ? (Beginning, false) : (new HistoryPosition(row.GetString(0), row.GetGuid(1), row.GetInt32(2)), row.GetBoolean(3));
    }

    // In a database that was restored from a dump the numbers of transactions begin anew: what came last before the dump, and all since, is published
    // (again) as if this transaction had written it.
    private static async Task MendAsync(NpgsqlConnection connection, string topic, CancellationToken cancellationToken)
    {
        await using var command = connection.Command("""
            WITH restored AS (SELECT tx, at FROM workflows.publications WHERE topic = $1),
            written AS (
                UPDATE workflows.history h SET tx = pg_current_xact_id() FROM restored r WHERE h.tx > r.tx OR h.at > r.at - interval '1 minute')
            UPDATE workflows.publications SET tx = pg_current_xact_id(), workflow_id = $2, number = 0 WHERE topic = $1
            """, topic, Guid.Empty);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<List<PublishableEvents>> ReadAsync(
        NpgsqlConnection connection, HistoryPosition position, int most, CancellationToken cancellationToken)
    {
        await using var command = connection.Command("""
            SELECT n.tx::text, n.workflow_id, n.number, n.at, n.events, e.name, e.version, e.correlation_id FROM (
                SELECT * FROM workflows.history
                WHERE tx >= $1::text::xid8 AND (tx > $1::text::xid8 OR (workflow_id, number) > ($2, $3)) AND tx < pg_snapshot_xmin(pg_current_snapshot())
                ORDER BY tx, workflow_id, number LIMIT $4) n
            LEFT JOIN workflows.executions e ON e.id = n.workflow_id ORDER BY n.tx, n.workflow_id, n.number
            """, position.Transaction, position.WorkflowId, position.Number, most);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<PublishableEvents>();
        while (await row.ReadAsync(cancellationToken)) events.Add(Read(row));
        return events;
    }

    private static PublishableEvents Read(NpgsqlDataReader row) => new(
        new(row.GetString(0), row.GetGuid(1), row.GetInt32(2)), row.GetFieldValue<DateTimeOffset>(3), row.GetString(4),
        row.IsDBNull(5) ? null : new(row.GetString(5), row.GetInt32(6), row.IsDBNull(7) ? null : row.GetString(7)));
}
