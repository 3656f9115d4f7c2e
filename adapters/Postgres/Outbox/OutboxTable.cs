using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Outbox;

/// <summary>The table <c>outbox</c> of a schema, in the caller's transaction.</summary>
internal sealed class OutboxTable
{
    private readonly string _insert;
    private readonly string _cancel;
    private readonly TimeProvider _time;

    /// <summary>The table of a schema.</summary>
    public OutboxTable(SchemaName schema, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        // The database's clock decides when a row is due: the program's is only used to say how long from now.
        _insert = $"""
            INSERT INTO {schema}.outbox (id, message_id, destination, content_type, body, envelope, headers, properties, token, sequence, due, available)
            SELECT id, message_id, destination, content_type, body, envelope::json, headers::json, properties::json, token, sequence,
                t.now + delay, t.now + delay + lease
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                WITH ORDINALITY AS m(id, message_id, destination, content_type, body, envelope, headers, properties, token, sequence, delay, lease, n),
                (SELECT clock_timestamp() AS now) t
            ORDER BY n
            """;
        _cancel = $"DELETE FROM {schema}.outbox WHERE token = ANY($1)";
    }

    /// <summary>Adds a statement to a batch that inserts all messages.</summary>
    /// <param name="batch">Runs in the transaction of the effects that the messages tell of.</param>
    /// <param name="messages">In the order in which they were sent.</param>
    /// <param name="lease">
    /// How long only the inserting process, which sends them from memory after its commit, may have those without a due time and without a sequence;
    /// null when it will not.
    /// </param>
    public void AddInsert(NpgsqlBatch batch, IReadOnlyList<OutboxMessage> messages, TimeSpan? lease = null)
    {
        if (messages.Count == 0) return;
        var now = _time.GetUtcNow();
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
                Array(messages, m => m.Sequence, NpgsqlDbType.Uuid),
                Array(messages, m => Delay(m, now), NpgsqlDbType.Interval),
                Array(messages, m => m.IsSentFromMemory ? lease ?? TimeSpan.Zero : TimeSpan.Zero, NpgsqlDbType.Interval),
            },
        });
    }

    /// <summary>Adds a statement to a batch that deletes scheduled messages by their tokens, unless they were sent.</summary>
    public void AddCancel(NpgsqlBatch batch, IReadOnlyCollection<Guid> tokens)
    {
        if (tokens.Count > 0) batch.BatchCommands.Add(new(_cancel) { Parameters = { Array(tokens.ToArray(), NpgsqlDbType.Uuid) } });
    }

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
