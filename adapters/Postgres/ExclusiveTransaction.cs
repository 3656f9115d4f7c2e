using Npgsql;

namespace Conductor.Postgres;

/// <summary>A transaction that one server has at a time, by its name. What was not committed is undone when it is disposed of. Not thread-safe.</summary>
internal sealed class ExclusiveTransaction : IAsyncDisposable
{
    private readonly NpgsqlTransaction _transaction;

    private ExclusiveTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction) => (Connection, _transaction) = (connection, transaction);

    public NpgsqlConnection Connection { get; }

    /// <summary>Begins it; null while somebody else, here or on another server, has it.</summary>
    public static async Task<ExclusiveTransaction?> TryBeginAsync(NpgsqlDataSource source, string name, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var take = connection.Command("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))", name);
            if ((bool)(await take.ExecuteScalarAsync(cancellationToken))!) return new(connection, transaction);
            await transaction.DisposeAsync();
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        await connection.DisposeAsync();
        return null;
    }

    public Task CommitAsync(CancellationToken cancellationToken) => _transaction.CommitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
