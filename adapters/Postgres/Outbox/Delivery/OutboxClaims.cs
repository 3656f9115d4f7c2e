using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Outbox.Delivery;

/// <summary>Claims messages that are due, with a lease: a claim is one short transaction, and sending happens outside of it.</summary>
internal sealed class OutboxClaims(NpgsqlDataSource source, OutboxOptions options)
{
    private const string Columns =
        "o.id, o.message_id, o.destination, o.content_type, o.body, o.envelope::text, o.headers::text, o.properties::text, o.attempts, o.position";

    private readonly string _claim = $"""
        {Destinations(options)}, ready AS (
            SELECT due.id FROM destinations d CROSS JOIN LATERAL (
                SELECT o.id FROM {options.Schema}.outbox o WHERE o.poison IS NULL AND o.destination = d.destination AND o.available <= now()
                ORDER BY o.available LIMIT $1 FOR UPDATE SKIP LOCKED) due
            WHERE d.destination <> ALL($3) LIMIT $1)
        UPDATE {options.Schema}.outbox o SET available = clock_timestamp() + $2 FROM ready r WHERE o.id = r.id
        RETURNING {Columns}
        """;

    private readonly string _next = $"""
        {Destinations(options)}
        SELECT extract(epoch FROM min(next.available) - clock_timestamp())::float8 FROM destinations d CROSS JOIN LATERAL (
            SELECT o.available FROM {options.Schema}.outbox o WHERE o.poison IS NULL AND o.destination = d.destination ORDER BY o.available LIMIT 1) next
        WHERE d.destination <> ALL($1)
        """;

    /// <summary>Claims what is due, in one round trip.</summary>
    /// <param name="full">Destinations for which there is no room.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The messages, and when there is more to do for destinations that have room.</returns>
    public async Task<(List<OutboxItem> Items, TimeSpan Next)> ClaimAsync(string[] full, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Claim(full), new(_next) { Parameters = { new() { Value = full } } } } };
        var held = Stopwatch.GetTimestamp();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var rows = new List<(long Position, OutboxItem Item)>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add((reader.GetInt64(9), Item(reader, held)));
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return ([.. rows.OrderBy(r => r.Position).Select(r => r.Item)], Wait(reader));
    }

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
        },
        reader.GetInt32(8), held);

    private NpgsqlBatchCommand Claim(string[] full) => new(_claim)
    {
        Parameters = { new() { Value = options.BatchSize }, new() { Value = options.Lease, NpgsqlDbType = NpgsqlDbType.Interval }, new() { Value = full } },
    };

    // Each destination by a look into the index, however many messages wait for it.
    private static string Destinations(OutboxOptions options) => $"""
        WITH RECURSIVE destinations AS (
            (SELECT destination FROM {options.Schema}.outbox WHERE poison IS NULL ORDER BY destination LIMIT 1)
            UNION ALL
            SELECT (SELECT o.destination FROM {options.Schema}.outbox o WHERE o.poison IS NULL AND o.destination > d.destination
                ORDER BY o.destination LIMIT 1)
            FROM destinations d WHERE d.destination IS NOT NULL)
        """;
}
