using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Outbox.Delivery;

/// <summary>Claims messages that are due, with a lease: a claim is one short transaction, and sending happens outside of it.</summary>
internal sealed class OutboxClaims(NpgsqlDataSource source, OutboxOptions options)
{
    private const string Columns =
        "o.id, o.message_id, o.destination, o.content_type, o.body, o.envelope::text, o.headers::text, o.properties::text, o.attempts, o.position, "
        + "o.sequence";

    private readonly string _claim = $"""
        {Destinations(options)}, ready AS (
            SELECT due.id FROM destinations d CROSS JOIN LATERAL (
                SELECT o.id FROM {options.Schema}.outbox o
                WHERE o.poison IS NULL AND o.sequence IS NULL AND o.destination = d.destination AND o.available <= now()
                ORDER BY o.available LIMIT $1 FOR UPDATE SKIP LOCKED) due
            WHERE d.destination <> ALL($3) LIMIT $1)
        UPDATE {options.Schema}.outbox o SET available = clock_timestamp() + $2 FROM ready r WHERE o.id = r.id
        RETURNING {Columns}
        """;

    private readonly string _next = $"""
        {Destinations(options)}
        SELECT extract(epoch FROM min(next.available) - clock_timestamp())::float8 FROM destinations d CROSS JOIN LATERAL (
            SELECT o.available FROM {options.Schema}.outbox o
            WHERE o.poison IS NULL AND o.sequence IS NULL AND o.destination = d.destination ORDER BY o.available LIMIT 1) next
        WHERE d.destination <> ALL($1)
        """;

    // One process claims after the other: of a sequence, nobody may get what is behind a message that somebody else is getting.
    private readonly string _turn = $"SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtextextended('{options.Schema}.outbox', 0))) turn";

    // Behind a message that is being sent, or waits after a failure, nothing of its sequence is ready.
    private readonly string _claimSequences = $"""
        WITH ready AS (
            SELECT o.id FROM {options.Schema}.outbox o WHERE o.sequence IS NOT NULL AND o.poison IS NULL AND o.available <= now() AND NOT EXISTS (
                SELECT FROM {options.Schema}.outbox before WHERE before.sequence = o.sequence AND before.poison IS NULL
                    AND before.position < o.position AND before.available > now())
            ORDER BY o.position LIMIT $1)
        UPDATE {options.Schema}.outbox o SET available = clock_timestamp() + $2 FROM ready r WHERE o.id = r.id
        RETURNING {Columns}
        """;

    private readonly string _nextInSequences = $"""
        SELECT extract(epoch FROM min(available) - clock_timestamp())::float8 FROM {options.Schema}.outbox
        WHERE sequence IS NOT NULL AND poison IS NULL AND available > now()
        """;

    /// <summary>Claims what is due, in one round trip.</summary>
    /// <param name="full">Destinations for which there is no room.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="sequences">Whether there is room for sequences.</param>
    /// <returns>The messages, and when there is more to do for destinations that have room.</returns>
    public async Task<(List<OutboxItem> Items, TimeSpan Next)> ClaimAsync(string[] full, CancellationToken cancellationToken, bool sequences = true)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        // Without a transaction of its own a batch is one.
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { Claim(_claim, new NpgsqlParameter { Value = full }), new(_next) { Parameters = { new() { Value = full } } } },
        };
        if (sequences)
        {
            batch.BatchCommands.Add(new(_turn));
            batch.BatchCommands.Add(Claim(_claimSequences));
            batch.BatchCommands.Add(new(_nextInSequences));
        }
        var held = Stopwatch.GetTimestamp();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var rows = new List<(long Position, OutboxItem Item)>();
        var next = await ReadAsync(reader, rows, held, cancellationToken);
        if (!sequences) return (InOrder(rows), next);
        await reader.NextResultAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var nextInSequences = await ReadAsync(reader, rows, held, cancellationToken);
        return (InOrder(rows), nextInSequences < next ? nextInSequences : next);
    }

    private async Task<TimeSpan> ReadAsync(
        NpgsqlDataReader reader, List<(long Position, OutboxItem Item)> rows, long held, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken)) rows.Add((reader.GetInt64(9), Item(reader, held)));
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return Wait(reader);
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
            Sequence = reader.IsDBNull(10) ? null : reader.GetGuid(10),
        },
        reader.GetInt32(8), held);

    private NpgsqlBatchCommand Claim(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql)
        {
            Parameters = { new() { Value = options.BatchSize }, new() { Value = options.Lease, NpgsqlDbType = NpgsqlDbType.Interval } },
        };
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    // Each destination by a look into the index, however many messages wait for it.
    private static string Destinations(OutboxOptions options) => $"""
        WITH RECURSIVE destinations AS (
            (SELECT destination FROM {options.Schema}.outbox WHERE poison IS NULL AND sequence IS NULL ORDER BY destination LIMIT 1)
            UNION ALL
            SELECT (SELECT o.destination FROM {options.Schema}.outbox o WHERE o.poison IS NULL AND o.sequence IS NULL AND o.destination > d.destination
                ORDER BY o.destination LIMIT 1)
            FROM destinations d WHERE d.destination IS NOT NULL)
        """;
}
