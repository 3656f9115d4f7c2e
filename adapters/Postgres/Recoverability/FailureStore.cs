using Conductor.Domain.Recoverability.Failures;
using Conductor.Domain.Recoverability.Grouping;
using Npgsql;

namespace Conductor.Postgres.Recoverability;

/// <summary>Takes dead letters in.</summary>
/// <param name="source">Database.</param>
/// <param name="schema">Schema that <see cref="FailureTables.ApplyAsync"/> was called for.</param>
public sealed class FailureStore(NpgsqlDataSource source, SchemaName schema)
{
    /// <summary>
    /// Stores failures in one transaction. A letter that comes twice changes nothing; a message that fails anew is open again, whatever was done with it,
    /// and a retry that sent it hears of it.
    /// </summary>
    /// <param name="failures">What was read from the letters.</param>
    /// <param name="now">The time of the change.</param>
    /// <param name="cancellationToken">Gives up; nothing is stored then.</param>
    /// <returns>Messages that are new or failed anew.</returns>
    public async Task<IReadOnlyList<Guid>> StoreAsync(IReadOnlyList<FailedMessage> failures, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A statement may change each row once.
        var rows = failures.GroupBy(f => f.Id).Select(same => FailureRow.Of([.. same])).ToList();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await StoreGroupsAsync(connection, rows, cancellationToken);
        var changed = await StoreMessagesAsync(connection, rows, now, cancellationToken);
        await StoreLongBodiesAsync(connection, rows, changed, cancellationToken);
        await TellRetriesAsync(connection, changed, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return changed;
    }

    // In the order of their ids, as everywhere: two who store at once wait for each other, and never in a circle.
    private async Task StoreGroupsAsync(NpgsqlConnection connection, List<FailureRow> rows, CancellationToken cancellationToken)
    {
        var groups = rows.SelectMany(row => row.Groups.Select(group => (Group: group, At: row.Failure.FailedAt))).GroupBy(g => g.Group.Id)
            .Select(same => (same.First().Group, First: same.Min(g => g.At), Last: same.Max(g => g.At))).ToList();
        await using var command = connection.Command($"""
            INSERT INTO {schema}.failure_groups AS g (id, grouper, title, first_failed_at, last_failed_at)
            SELECT * FROM unnest($1::uuid[], $2::smallint[], $3::text[], $4::timestamptz[], $5::timestamptz[]) AS r (id) ORDER BY r.id
            ON CONFLICT (id) DO UPDATE SET first_failed_at = least(g.first_failed_at, excluded.first_failed_at),
                last_failed_at = greatest(g.last_failed_at, excluded.last_failed_at)
            """, All(groups, g => g.Group.Id), All(groups, g => (short)g.Group.Grouper), All(groups, g => g.Group.Title), All(groups, g => g.First),
            All(groups, g => g.Last));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // An equal time is the same failure. One that is older than the last known counts when the message was sent again since: clocks differ.
    private async Task<IReadOnlyList<Guid>> StoreMessagesAsync(
        NpgsqlConnection connection, List<FailureRow> rows, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = connection.Command($"""
            INSERT INTO {schema}.failed_messages AS f (id, source, queue, endpoint, message_id, message_type, exception_type, message, stack_trace, consumer,
                content_type, properties, headers, text_body, body, body_size, attempts, failures, first_failed_at, last_failed_at, is_time_known, changed_at,
                cause_group, type_group, endpoint_group)
            SELECT r.id, r.source, r.queue, r.endpoint, r.message_id, r.message_type, r.exception_type, r.message, r.stack_trace, r.consumer, r.content_type,
                r.properties, r.headers, r.text_body, r.body, r.body_size, r.attempts, r.failures, r.first_failed_at, r.last_failed_at, r.is_time_known, $22,
                c.cause, c.type, c.endpoint
            FROM unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
                $11::text[], $12::jsonb[], $13::jsonb[], $14::text[], $15::bytea[], $16::int[], $17::int[], $18::int[], $19::timestamptz[], $20::timestamptz[],
                $21::boolean[]) WITH ORDINALITY AS r (id, source, queue, endpoint, message_id, message_type, exception_type, message, stack_trace, consumer,
                content_type, properties, headers, text_body, body, body_size, attempts, failures, first_failed_at, last_failed_at, is_time_known, n)
            JOIN unnest($23::uuid[], $24::uuid[], $25::uuid[]) WITH ORDINALITY AS c (cause, type, endpoint, n) USING (n)
            ORDER BY r.id
            ON CONFLICT (id) DO UPDATE SET state = 0, source = excluded.source, queue = excluded.queue, message_type = excluded.message_type,
                exception_type = excluded.exception_type, message = excluded.message, stack_trace = excluded.stack_trace, consumer = excluded.consumer,
                content_type = excluded.content_type, properties = excluded.properties, headers = excluded.headers, text_body = excluded.text_body,
                body = excluded.body, body_size = excluded.body_size, attempts = excluded.attempts, failures = f.failures + excluded.failures,
                last_failed_at = excluded.last_failed_at, is_time_known = excluded.is_time_known, changed_at = excluded.changed_at,
                cause_group = excluded.cause_group, type_group = excluded.type_group, endpoint_group = excluded.endpoint_group
            WHERE (excluded.is_time_known AND excluded.last_failed_at > f.last_failed_at)
                OR (f.state <> 0 AND excluded.last_failed_at <> f.last_failed_at)
            RETURNING f.id
            """);
        FailureRow.AddTo(command, rows, now);
        return await command.ReadAllAsync(row => row.GetGuid(0), cancellationToken);
    }

    private async Task StoreLongBodiesAsync(
        NpgsqlConnection connection, List<FailureRow> rows, IReadOnlyList<Guid> changed, CancellationToken cancellationToken)
    {
        var known = changed.ToHashSet();
        var apart = rows.Where(row => row.Body.Apart is not null && known.Contains(row.Failure.Id)).ToList();
        if (apart.Count == 0) return;
        await using var command = connection.Command($"""
            INSERT INTO {schema}.failed_bodies (id, body) SELECT * FROM unnest($1::uuid[], $2::bytea[])
            ON CONFLICT (id) DO UPDATE SET body = excluded.body
            """, All(apart, row => row.Failure.Id), All(apart, row => row.Body.Apart!));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Also of a message that is not known to be dispatched yet: it may fail before that is written down.
    private async Task TellRetriesAsync(NpgsqlConnection connection, IReadOnlyList<Guid> changed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (changed.Count == 0) return;
        await using var command = connection.Command(
            $"UPDATE {schema}.retry_items SET outcome = 3, judged_at = $2 WHERE message_id = ANY($1) AND outcome < 2", changed.ToArray(), now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static TValue[] All<T, TValue>(List<T> rows, Func<T, TValue> value) => [.. rows.Select(value)];
}
