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
        WITH ready AS (
            SELECT id FROM {options.Schema}.outbox
            WHERE poison IS NULL AND available <= clock_timestamp() AND destination <> ALL($3)
            ORDER BY available LIMIT $1 FOR UPDATE SKIP LOCKED)
        UPDATE {options.Schema}.outbox o SET available = clock_timestamp() + $2 FROM ready r WHERE o.id = r.id
        RETURNING {Columns}
        """;

    private readonly string _next = $"""
        SELECT extract(epoch FROM min(available) - clock_timestamp())::float8 FROM {options.Schema}.outbox WHERE poison IS NULL
        """;

    /// <summary>Claims what is due, in one round trip.</summary>
    /// <param name="full">Destinations for which there is no room.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The messages, and when there is more to do.</returns>
    public async Task<(List<OutboxItem> Items, TimeSpan Next)> ClaimAsync(string[] full, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Claim(full), new(_next) } };
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
}
