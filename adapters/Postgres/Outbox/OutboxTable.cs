using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Outbox;

/// <summary>The table <c>outbox</c> of a schema, in the caller's transaction. Needs no EF Core.</summary>
public sealed class OutboxTable
{
    private readonly string _insert;
    private readonly string _lockGroups;
    private readonly string _cancel;
    private readonly TimeProvider _time;

    /// <summary>The table of a schema.</summary>
    public OutboxTable(SchemaName schema, TimeProvider? time = null)
    {
        Schema = schema;
        _time = time ?? TimeProvider.System;
        // The database's clock decides when a row is due: the program's is only used to say how long from now.
        _insert = $"""
            INSERT INTO {schema}.outbox (id, message_id, destination, content_type, body, envelope, headers, properties, token, group_id, due, available)
            SELECT id, message_id, destination, content_type, body, envelope::json, headers::json, properties::json, token, group_id, t.now + delay, t.now + delay + lease
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                WITH ORDINALITY AS m(id, message_id, destination, content_type, body, envelope, headers, properties, token, group_id, delay, lease, n),
                (SELECT clock_timestamp() AS now) t
            ORDER BY n
            """;
        // Rows of a group must get their positions in the order of their commits.
        _lockGroups = "SELECT pg_advisory_xact_lock(hashtextextended($1 || g, 0)) FROM (SELECT DISTINCT g FROM unnest($2) g ORDER BY g) s";
        _cancel = $"DELETE FROM {schema}.outbox WHERE token = ANY($1)";
    }

    /// <summary>Where the table is.</summary>
    public SchemaName Schema { get; }

    /// <summary>Channel of <c>NOTIFY</c> that wakes deliveries of this schema.</summary>
    public string Channel => $"{Schema}_outbox";

    /// <summary>Inserts all messages with one statement.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="transaction">The transaction of the effects that the messages tell of.</param>
    /// <param name="messages">In the order in which they were sent.</param>
    /// <param name="lease">How long only the inserting process, which sends them from memory after its commit, may have those without a due time and group; null when it will not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task InsertAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<OutboxMessage> messages,
        TimeSpan? lease = null, CancellationToken cancellationToken = default)
    {
        if (messages.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection, transaction);
        AddInsert(batch, messages, lease);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Adds the statement of <see cref="InsertAsync"/> to a batch, to go in one round trip with others.</summary>
    public void AddInsert(NpgsqlBatch batch, IReadOnlyList<OutboxMessage> messages, TimeSpan? lease = null)
    {
        if (messages.Count == 0) return;
        var now = _time.GetUtcNow();
        var groups = messages.Where(m => m.Group is not null).Select(m => m.Group).ToArray();
        if (groups.Length > 0)
        {
            batch.BatchCommands.Add(new(_lockGroups) { Parameters = { new() { Value = $"{Schema}.outbox." }, Array(groups, NpgsqlDbType.Text) } });
        }
        batch.BatchCommands.Add(new(_insert)
        {
            Parameters =
            {
                Array(messages, m => m.Id, NpgsqlDbType.Uuid),
                Array(messages, m => m.MessageId, NpgsqlDbType.Uuid),
                Array(messages, m => m.Destination, NpgsqlDbType.Text),
                Array(messages, m => m.ContentType, NpgsqlDbType.Text),
                Array(messages, m => m.Body, NpgsqlDbType.Bytea),
                Array(messages, m => m.Envelope, NpgsqlDbType.Text),
                Array(messages, m => m.Headers, NpgsqlDbType.Text),
                Array(messages, m => m.Properties, NpgsqlDbType.Text),
                Array(messages, m => m.Token, NpgsqlDbType.Uuid),
                Array(messages, m => m.Group, NpgsqlDbType.Text),
                Array(messages, m => Delay(m, now), NpgsqlDbType.Interval),
                Array(messages, m => m.Group is null && m.Due is null ? lease ?? TimeSpan.Zero : TimeSpan.Zero, NpgsqlDbType.Interval),
            },
        });
    }

    /// <summary>Deletes scheduled messages by their tokens, unless they were sent. Returns how many.</summary>
    public async Task<int> CancelAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyCollection<Guid> tokens, CancellationToken cancellationToken = default)
    {
        if (tokens.Count == 0) return 0;
        await using var batch = new NpgsqlBatch(connection, transaction);
        AddCancel(batch, tokens);
        return await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Adds the statement of <see cref="CancelAsync"/> to a batch.</summary>
    public void AddCancel(NpgsqlBatch batch, IReadOnlyCollection<Guid> tokens)
    {
        if (tokens.Count > 0) batch.BatchCommands.Add(new(_cancel) { Parameters = { Array(tokens.ToArray(), NpgsqlDbType.Uuid) } });
    }

    /// <summary>Adds a <c>NOTIFY</c> that wakes the deliveries of other processes when the transaction commits.</summary>
    public void AddNotify(NpgsqlBatch batch) =>
        batch.BatchCommands.Add(new("SELECT pg_notify($1, '')") { Parameters = { new() { Value = Channel } } });

    private static TimeSpan Delay(OutboxMessage message, DateTimeOffset now) =>
        message.Due is { } due && due > now ? due - now : TimeSpan.Zero;

    private static NpgsqlParameter Array<T>(IReadOnlyList<OutboxMessage> messages, Func<OutboxMessage, T> value, NpgsqlDbType type)
    {
        var values = new T[messages.Count];
        for (var i = 0; i < values.Length; i++) values[i] = value(messages[i]);
        return Array(values, type);
    }

    private static NpgsqlParameter Array<T>(T[] values, NpgsqlDbType type) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type };
}
