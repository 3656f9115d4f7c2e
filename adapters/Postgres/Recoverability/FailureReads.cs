using System.Text.Json;
using Conductor.Domain.Recoverability.Failures;
using Conductor.Domain.Recoverability.Grouping;
using Npgsql;

namespace Conductor.Postgres.Recoverability;

/// <summary>Reads failures.</summary>
/// <param name="source">Database.</param>
/// <param name="schema">Schema that <see cref="FailureTables.ApplyAsync"/> was called for.</param>
public sealed class FailureReads(NpgsqlDataSource source, SchemaName schema)
{
    private const string GroupColumns = "id, grouper, title, open, retrying, resolved, archived, first_failed_at, last_failed_at, note, assignee";
    private const string SummaryColumns = """
        f.id, f.state, f.source, f.endpoint, f.message_type, f.exception_type, f.message, f.attempts, f.failures, f.first_failed_at, f.last_failed_at
        """;

    /// <summary>The groups of a kind in which something is open or under retry, the latest failure first.</summary>
    public async Task<IReadOnlyList<StoredGroup>> GroupsAsync(Grouper grouper, int most, CancellationToken cancellationToken)
    {
        await using var command = source.Command($"""
            SELECT {GroupColumns}
            FROM {schema}.failure_groups WHERE grouper = $1 AND (open > 0 OR retrying > 0) ORDER BY last_failed_at DESC, id LIMIT $2
            """, (short)grouper, most);
        return await command.ReadAllAsync(ReadGroup, cancellationToken);
    }

    /// <summary>A group, or null.</summary>
    public async Task<StoredGroup?> FindGroupAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = source.Command($"""
            SELECT {GroupColumns}
            FROM {schema}.failure_groups WHERE id = $1
            """, id);
        return (await command.ReadAllAsync(ReadGroup, cancellationToken)).SingleOrDefault();
    }

    /// <summary>A page of failures, the latest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="behind">The last one of the page before; null for the first page.</param>
    /// <param name="most">Failures on a page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<FailureSummary>> ListAsync(
        FailureFilter filter, FailurePlace? behind, int most, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand();
        var condition = filter.AddTo(command);
        if (behind is { } place)
        {
            condition += $" AND (f.last_failed_at, f.id) < (${command.Parameters.Count + 1}, ${command.Parameters.Count + 2})";
            command.Parameters.Add(new NpgsqlParameter { Value = place.LastFailedAt.ToUniversalTime() });
            command.Parameters.Add(new NpgsqlParameter { Value = place.Id });
        }
        command.Parameters.Add(new NpgsqlParameter { Value = most });
        command.CommandText = $"""
            SELECT {SummaryColumns} FROM {schema}.failed_messages f WHERE {condition}
            ORDER BY f.last_failed_at DESC, f.id DESC LIMIT ${command.Parameters.Count}
            """;
        return await command.ReadAllAsync(ReadSummary, cancellationToken);
    }

    /// <summary>How many there are, counted up to a number.</summary>
    public async Task<int> CountAsync(FailureFilter filter, int most, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand();
        var condition = filter.AddTo(command);
        command.Parameters.Add(new NpgsqlParameter { Value = most });
        command.CommandText =
            $"SELECT count(*)::int FROM (SELECT 1 FROM {schema}.failed_messages f WHERE {condition} LIMIT ${command.Parameters.Count}) AS found";
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>A failure with all that came with it, or null.</summary>
    public async Task<StoredFailure?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return (await FindAsync(connection, schema, [id], cancellationToken)).SingleOrDefault();
    }

    /// <summary>Failures with all that came with them, in no order.</summary>
    internal static async Task<IReadOnlyList<StoredFailure>> FindAsync(
        NpgsqlConnection connection, SchemaName schema, Guid[] ids, CancellationToken cancellationToken)
    {
        await using var command = connection.Command($"""
            SELECT {SummaryColumns}, f.queue, f.message_id, f.stack_trace, f.consumer, f.content_type, f.properties, f.headers, f.text_body, f.body, b.body
            FROM {schema}.failed_messages f LEFT JOIN {schema}.failed_bodies b ON b.id = f.id AND f.body_size > {StoredBody.LargestInRow}
            WHERE f.id = ANY($1)
            """, ids);
        return await command.ReadAllAsync(ReadFailure, cancellationToken);
    }

    private static StoredGroup ReadGroup(NpgsqlDataReader row) => new(row.GetGuid(0), (Grouper)row.GetInt16(1), row.GetString(2),
        new FailureCounts(row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6)), row.GetFieldValue<DateTimeOffset>(7),
        row.GetFieldValue<DateTimeOffset>(8), row.IsDBNull(9) ? null : row.GetString(9), row.IsDBNull(10) ? null : row.GetString(10));

    private static FailureSummary ReadSummary(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0), State = (FailureState)row.GetInt16(1), Source = (FailureSource)row.GetInt16(2), Endpoint = row.GetString(3),
        MessageType = row.GetString(4), ExceptionType = row.GetString(5), Message = row.GetString(6), Attempts = row.GetInt32(7),
        Failures = row.GetInt32(8), FirstFailedAt = row.GetFieldValue<DateTimeOffset>(9), LastFailedAt = row.GetFieldValue<DateTimeOffset>(10),
    };

    private static StoredFailure ReadFailure(NpgsqlDataReader row)
    {
        var body = new StoredBody(Text(18), Bytes(19), Bytes(20));
        return new StoredFailure(ReadSummary(row), row.GetString(13), row.GetString(14), new DeadLetter
        {
            Queue = row.GetString(11), MessageId = Text(12), ContentType = Text(15), Headers = HeaderJson.Read(row.GetString(17)), Body = body.ToBytes(),
            Properties = JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(16))!,
        });

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        byte[]? Bytes(int column) => row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);
    }
}
