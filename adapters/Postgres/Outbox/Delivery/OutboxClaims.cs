using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Outbox.Delivery;

/// <summary>Claims messages that are due, with a lease: a claim is one short transaction, and sending happens outside of it.</summary>
internal sealed class OutboxClaims(NpgsqlDataSource source, OutboxOptions options)
{
    private const int RowsPerGroup = 100;
    private const string Columns = "o.id, o.message_id, o.destination, o.content_type, o.body, o.envelope::text, o.headers::text, o.properties::text, o.group_id, o.attempts, o.position";

    private readonly string _free = $"""
        WITH ready AS (
            SELECT id FROM {options.Schema}.outbox
            WHERE group_id IS NULL AND poison IS NULL AND available <= clock_timestamp() AND destination <> ALL($3)
            ORDER BY available LIMIT $1 FOR UPDATE SKIP LOCKED)
        UPDATE {options.Schema}.outbox o SET available = clock_timestamp() + $2 FROM ready r WHERE o.id = r.id
        RETURNING {Columns}
        """;

    // Who claims the first row of a group owns the group until that row is gone.
    private readonly string _grouped = $"""
        WITH RECURSIVE {Heads(options.Schema)},
        owned AS (
            SELECT group_id FROM {options.Schema}.outbox
            WHERE id IN (SELECT id FROM head) AND poison IS NULL AND available <= clock_timestamp()
            LIMIT $1 FOR UPDATE SKIP LOCKED),
        ready AS (
            SELECT n.id FROM owned w, LATERAL (
                SELECT id FROM {options.Schema}.outbox WHERE group_id = w.group_id ORDER BY position LIMIT {RowsPerGroup}) n)
        UPDATE {options.Schema}.outbox o SET available = clock_timestamp() + $2 FROM ready r WHERE o.id = r.id
        RETURNING {Columns}
        """;

    private readonly string _next = $"""
        WITH RECURSIVE {Heads(options.Schema)}
        SELECT extract(epoch FROM least(
            (SELECT min(available) FROM {options.Schema}.outbox WHERE group_id IS NULL AND poison IS NULL),
            (SELECT min(available) FROM head WHERE poison IS NULL)) - clock_timestamp())::float8
        """;

    // The first row of every group, by skipping from group to group in the index.
    private static string Heads(SchemaName schema) => $"""
        head AS (
            (SELECT group_id, id, available, poison FROM {schema}.outbox WHERE group_id IS NOT NULL ORDER BY group_id, position LIMIT 1)
            UNION ALL
            SELECT n.* FROM head h, LATERAL (
                SELECT group_id, id, available, poison FROM {schema}.outbox WHERE group_id > h.group_id ORDER BY group_id, position LIMIT 1) n)
        """;

    /// <summary>Claims what is due, in one round trip.</summary>
    /// <param name="full">Destinations for which there is no room.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The messages, and when there is more to do.</returns>
    public async Task<(List<OutboxItem> Items, TimeSpan Next)> ClaimAsync(string[] full, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Limited(_free, new NpgsqlParameter { Value = full }), Limited(_grouped), new(_next) } };
        var held = Stopwatch.GetTimestamp();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var rows = new List<(long Position, OutboxItem Item)>();
        do
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                if (reader.FieldCount > 1) rows.Add((reader.GetInt64(10), Item(reader, held)));
                else return (InOrder(rows), Wait(reader));
            }
        }
        while (await reader.NextResultAsync(cancellationToken));
        throw new InvalidOperationException("the claim did not answer when the next message is due");
    }

    private static List<OutboxItem> InOrder(List<(long Position, OutboxItem Item)> rows) => [.. rows.OrderBy(r => r.Position).Select(r => r.Item)];

    private TimeSpan Wait(NpgsqlDataReader reader)
    {
        if (reader.IsDBNull(0)) return options.PollInterval;
        return TimeSpan.FromSeconds(Math.Clamp(reader.GetDouble(0), 0, options.PollInterval.TotalSeconds));
    }

    private static OutboxItem Item(NpgsqlDataReader reader, long held) => new(
        new()
        {
            Id = reader.GetGuid(0),
            MessageId = reader.GetGuid(1),
            Destination = reader.GetString(2),
            ContentType = reader.GetString(3),
            Body = reader.GetFieldValue<byte[]>(4),
            Envelope = reader.GetString(5),
            Headers = reader.IsDBNull(6) ? null : reader.GetString(6),
            Properties = reader.IsDBNull(7) ? null : reader.GetString(7),
            Group = reader.IsDBNull(8) ? null : reader.GetString(8),
        },
        reader.GetInt32(9), held);

    private NpgsqlBatchCommand Limited(string sql, params NpgsqlParameter[] more)
    {
        var command = new NpgsqlBatchCommand(sql)
        {
            Parameters = { new() { Value = options.BatchSize }, new() { Value = options.Lease, NpgsqlDbType = NpgsqlDbType.Interval } },
        };
        foreach (var parameter in more) command.Parameters.Add(parameter);
        return command;
    }
}
