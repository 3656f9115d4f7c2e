using Npgsql;

namespace Conductor.Postgres.Workflows.Publication;

/// <summary>
/// What happened to executions, for whoever publishes it: in the order in which transactions began to write, and only of transactions before which none
/// is under way any more. A transaction reads an execution before it begins to write, so that of two that changed one execution the later has the larger
/// number.
/// </summary>
public sealed class HistoryPublication(NpgsqlDataSource source)
{
    private static readonly HistoryPosition Beginning = new("0", Guid.Empty, 0);

    /// <summary>
    /// Begins to publish what comes next; null while another server is at it, or where to look again. Dispose it: what was not committed comes again.
    /// </summary>
    /// <param name="topic">Names the publication, which begins at the beginning of what is there.</param>
    /// <param name="most">Rows at a time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<UnpublishedHistory?> BeginAsync(string topic, int most, CancellationToken cancellationToken)
    {
        if (await ExclusiveTransaction.TryBeginAsync(source, $"conductor.publication.{topic}", cancellationToken) is not { } transaction) return null;
        try
        {
            var (position, isRestored) = await PositionAsync(transaction.Connection, topic, cancellationToken);
            if (!isRestored) return new(transaction, topic, await ReadAsync(transaction.Connection, position, most, cancellationToken));
            // What has been mended is read by whoever comes next: this transaction has to be over.
            await MendAsync(transaction.Connection, topic, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
        await transaction.DisposeAsync();
        return null;
    }

    /// <summary>Nothing is published any more: what would wait for it does not.</summary>
    public async Task EndAsync(string topic, CancellationToken cancellationToken)
    {
        await using var command = source.Command("DELETE FROM workflows.publications WHERE topic = $1", topic);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Whether a row <c>h</c> of the history comes behind a position, in SQL.</summary>
    internal static string IsBehind(string tx, string workflowId, string number) =>
        $"h.tx >= {tx} AND (h.tx > {tx} OR (h.workflow_id, h.number) > ({workflowId}, {number}))";

    private static async Task<(HistoryPosition Position, bool IsRestored)> PositionAsync(
        NpgsqlConnection connection, string topic, CancellationToken cancellationToken)
    {
        await using var command = connection.Command("""
            SELECT tx::text, workflow_id, number, tx > pg_snapshot_xmax(pg_current_snapshot()) FROM workflows.publications WHERE topic = $1
            """, topic);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? (new(row.GetString(0), row.GetGuid(1), row.GetInt32(2)), row.GetBoolean(3))
            : (Beginning, false);
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
        await using var command = connection.Command($"""
            SELECT n.tx::text, n.workflow_id, n.number, n.at, n.events, e.name, e.version, e.correlation_id FROM (
                SELECT * FROM workflows.history h
                WHERE {IsBehind("$1::text::xid8", "$2", "$3")} AND h.tx < pg_snapshot_xmin(pg_current_snapshot())
                ORDER BY h.tx, h.workflow_id, h.number LIMIT $4) n
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
