using System.Text.Json;
using Conductor.Domain.Recoverability.Retrying;
using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Recoverability;

/// <summary>The messages of a retry, within the transactions of <see cref="RetryStore"/>.</summary>
internal static class RetryClaims
{
    /// <summary>The state of a retry, which stays as it is until the transaction ends; null when there is none of that id.</summary>
    public static async Task<RetryState?> LockAsync(NpgsqlConnection connection, SchemaName schema, Guid retry, CancellationToken cancellationToken)
    {
        await using var command = connection.Command($"SELECT state FROM {schema}.retries WHERE id = $1 FOR UPDATE", retry);
        return await command.ExecuteScalarAsync(cancellationToken) is string json ? JsonSerializer.Deserialize<RetryState>(json) : null;
    }

    /// <summary>Claims the open messages that a request names.</summary>
    /// <returns>How many; those that another retry has are left to it.</returns>
    public static async Task<int> ClaimAsync(NpgsqlConnection connection, SchemaName schema, (Guid Retry, RetryRequest Request) wanted, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var (retry, request) = wanted;
        await using var command = connection.Command("", retry, now, request.CutOff.ToUniversalTime());
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = request.Messages?.ToArray() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid,
        });
        command.CommandText = $"""
            WITH claimed AS (
                INSERT INTO {schema}.retry_items (retry_id, message_id, position)
                SELECT $1, f.id, row_number() OVER (ORDER BY f.first_failed_at, f.id) FROM {schema}.failed_messages f
                WHERE {(request.Filter with { State = FailureState.Open }).AddTo(command)} AND f.changed_at <= $3 AND ($4 IS NULL OR f.id = ANY($4))
                ORDER BY f.id
                ON CONFLICT (message_id) WHERE outcome < 2 DO NOTHING RETURNING message_id),
            taken AS (
                UPDATE {schema}.failed_messages f SET state = 1, changed_at = $2 FROM claimed WHERE f.id = claimed.message_id RETURNING f.id)
            SELECT count(*)::int FROM taken
            """;
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The next messages that wait, in their order.</summary>
    public static async Task<IReadOnlyList<StoredFailure>> WaitingAsync(
        NpgsqlConnection connection, SchemaName schema, Guid retry, int most, CancellationToken cancellationToken)
    {
        if (most <= 0) return [];
        await using var command = connection.Command(
            $"SELECT message_id FROM {schema}.retry_items WHERE retry_id = $1 AND outcome = 0 ORDER BY position LIMIT $2", retry, most);
        var ids = await command.ReadAllAsync(row => row.GetGuid(0), cancellationToken);
        var found = (await FailureReads.FindAsync(connection, schema, [.. ids], cancellationToken)).ToDictionary(failure => failure.Summary.Id);
        return ids.ConvertAll(id => found[id]);
    }

    /// <summary>These were sent. One that was judged meanwhile stays judged.</summary>
    public static async Task DispatchedAsync(
        NpgsqlConnection connection, SchemaName schema, Guid retry, Guid[] messages, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = connection.Command($"""
            UPDATE {schema}.retry_items SET outcome = CASE WHEN outcome = 0 THEN 1 ELSE outcome END, dispatched_at = $3
            WHERE retry_id = $1 AND message_id = ANY($2)
            """, retry, messages, now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Lets go of waiting messages, all or some: they are open again.</summary>
    public static async Task SkipAsync(NpgsqlConnection connection, SchemaName schema, (Guid Retry, Guid[]? Messages, string Why) skipped, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await using var command = connection.Command("", skipped.Retry, skipped.Why, now);
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = skipped.Messages ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid,
        });
        command.CommandText = $"""
            WITH released AS (
                UPDATE {schema}.retry_items SET outcome = 4, detail = $2, judged_at = $3
                WHERE retry_id = $1 AND outcome = 0 AND ($4 IS NULL OR message_id = ANY($4)) RETURNING message_id)
            UPDATE {schema}.failed_messages f SET state = 0, changed_at = $3 FROM released WHERE f.id = released.message_id AND f.state = 1
            """;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
