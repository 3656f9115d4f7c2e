using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Outbox;

/// <summary>A message that was set aside.</summary>
/// <param name="Id">Key of the row.</param>
/// <param name="MessageId">The message.</param>
/// <param name="Destination">Where it was to go.</param>
/// <param name="Due">When it was to go.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Reason">Why the last attempt failed.</param>
public sealed record PoisonMessage(Guid Id, Guid MessageId, string Destination, DateTimeOffset Due, int Attempts, string Reason);

/// <summary>The messages of the outbox that were set aside: looked at, tried again, or given up.</summary>
public sealed class PoisonMessages
{
    private readonly NpgsqlDataSource _source;
    private readonly SchemaName _schema;
    private readonly Action _wake;

    internal PoisonMessages(NpgsqlDataSource source, SchemaName schema, Action wake) => (_source, _schema, _wake) = (source, schema, wake);

    /// <summary>How many there are.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken = default)
    {
        await using var command = _source.CreateCommand($"SELECT count(*) FROM {_schema}.outbox WHERE poison IS NOT NULL");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>A page of them, oldest first.</summary>
    public async Task<IReadOnlyList<PoisonMessage>> ListAsync(int offset = 0, int limit = 100, CancellationToken cancellationToken = default)
    {
        await using var command = _source.CreateCommand($"""
            SELECT id, message_id, destination, due, attempts, poison FROM {_schema}.outbox WHERE poison IS NOT NULL ORDER BY position OFFSET $1 LIMIT $2
            """);
        command.Parameters.Add(new() { Value = offset });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var page = new List<PoisonMessage>();
        while (await reader.ReadAsync(cancellationToken))
            page.Add(new(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetInt32(4), reader.GetString(5)));
        return page;
    }

    /// <summary>Tries them again from the start, under their old message ids. Returns how many there were.</summary>
    /// <param name="ids">Keys of the rows; all when null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<int> RetryAsync(IReadOnlyCollection<Guid>? ids = null, CancellationToken cancellationToken = default)
    {
        var count = await ExecuteAsync($"""
            UPDATE {_schema}.outbox SET poison = NULL, attempts = 0, available = clock_timestamp()
            WHERE poison IS NOT NULL AND ($1::uuid[] IS NULL OR id = ANY($1))
            """, ids, cancellationToken);
        if (count > 0) _wake();
        return count;
    }

    /// <summary>Deletes them for good. Returns how many there were.</summary>
    /// <param name="ids">Keys of the rows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<int> DiscardAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken = default)
    {
        var count = await ExecuteAsync($"DELETE FROM {_schema}.outbox WHERE poison IS NOT NULL AND id = ANY($1)", ids, cancellationToken);
        // A group may have waited behind one of them.
        if (count > 0) _wake();
        return count;
    }

    private async Task<int> ExecuteAsync(string sql, IReadOnlyCollection<Guid>? ids, CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(sql);
        command.Parameters.Add(new() { Value = ids is null ? DBNull.Value : ids.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
