using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>
/// The database transaction of one batch, in which a store reads, and writes what is to be committed. Its locks are taken in the order of
/// their keys, so batches never deadlock on them.
/// </summary>
public sealed class BatchTransaction : IAsyncDisposable
{
    private readonly NpgsqlDataSource _dataSource;
    private ulong _id;

    private BatchTransaction(NpgsqlDataSource dataSource, NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        _dataSource = dataSource;
        Connection = connection;
        Transaction = transaction;
        Statements = new(connection, transaction);
    }

    internal NpgsqlConnection Connection { get; }

    internal NpgsqlTransaction Transaction { get; }

    /// <summary>What is to be written; it travels together with the commit, in one round trip.</summary>
    internal NpgsqlBatch Statements { get; }

    internal static async Task<BatchTransaction> BeginAsync(NpgsqlDataSource dataSource)
    {
        var connection = await dataSource.OpenConnectionAsync();
        try
        {
            // Npgsql sends BEGIN together with the first statement.
            return new BatchTransaction(dataSource, connection, await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    internal async Task LockAsync(IEnumerable<long> keys)
    {
        var sorted = keys.Distinct().ToArray();
        Array.Sort(sorted);
        await using var batch = new NpgsqlBatch(Connection, Transaction)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("SELECT pg_current_xact_id()"),
                new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock(k) FROM unnest($1) AS k")
                {
                    Parameters = { new NpgsqlParameter<long[]> { TypedValue = sorted, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint } },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.ReadAsync();
        _id = reader.GetFieldValue<ulong>(0);
        await reader.NextResultAsync();
    }

    /// <summary>Executes <see cref="Statements"/> and commits, in one round trip. Throws if it is not committed.</summary>
    internal async Task CommitAsync()
    {
        Statements.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        try
        {
            await Statements.ExecuteNonQueryAsync();
        }
        catch (Exception) when (Connection.FullState != ConnectionState.Open)
        {
            // The connection broke: whether the server had committed by then, only the server can say.
            if (!await CommitOutcome.IsCommittedAsync(_dataSource, _id)) throw;
        }
    }

    /// <summary>Rolls back what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        await Statements.DisposeAsync();
        await Transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
