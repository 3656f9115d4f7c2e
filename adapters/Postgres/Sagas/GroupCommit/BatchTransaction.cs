using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>
/// The database transaction of one batch, in which a store reads, and writes what is to be committed. It begins with the first lock or
/// read; a batch that needs neither is written and committed in one round trip. Locks are taken in the order of their keys, so batches never
/// deadlock on them.
/// </summary>
public sealed class BatchTransaction : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private NpgsqlConnection? _connection;
    private NpgsqlTransaction? _transaction;
    private ulong _id;

    internal BatchTransaction(NpgsqlDataSource source) => _source = source;

    /// <summary>The ids of the batch are locked: nobody else changes their instances.</summary>
    public bool IsLocked { get; private set; }

    /// <summary>There is no database to be had.</summary>
    internal bool IsUnreachable { get; private set; }

    /// <summary>What is to be written; it travels together with the commit, in one round trip.</summary>
    internal NpgsqlBatch Statements { get; } = new();

    /// <summary>The connection, in the transaction.</summary>
    internal async ValueTask<NpgsqlConnection> BegunAsync()
    {
        if (_transaction is not null) return _connection!;
        var connection = await ConnectedAsync();
        // Npgsql sends BEGIN together with the first statement.
        _transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted);
        return connection;
    }

    internal async Task LockAsync(IEnumerable<long> keys)
    {
        var sorted = keys.Distinct().ToArray();
        Array.Sort(sorted);
        var connection = await BegunAsync();
        await using var batch = new NpgsqlBatch(connection, _transaction)
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
        IsLocked = true;
    }

    /// <summary>Executes <see cref="Statements"/> and commits, in one round trip. Throws if it is not committed.</summary>
    /// <param name="isSaved">Tells from the data whether it is, where the transaction has no id to ask for.</param>
    internal async Task CommitAsync(Func<BatchTransaction, CancellationToken, Task<bool>> isSaved)
    {
        if (_transaction is null && Statements.BatchCommands.Count == 0) return;
        Statements.Connection = await ConnectedAsync();
        Statements.Transaction = _transaction;
        // Statements of one batch are a transaction by themselves: Npgsql sends one Sync at their end.
        if (_transaction is not null) Statements.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        try
        {
            await Statements.ExecuteNonQueryAsync();
        }
        catch (Exception) when (_connection!.FullState != ConnectionState.Open)
        {
            // The connection broke: whether the server had committed by then, only the server can say.
            if (!await CommitOutcome.IsCommittedAsync(cancel => OutcomeAsync(isSaved, cancel))) throw;
        }
    }

    private async Task<bool?> OutcomeAsync(Func<BatchTransaction, CancellationToken, Task<bool>> isSaved, CancellationToken cancellationToken)
    {
        if (_id != 0) return await CommitOutcome.OfAsync(_source, _id, cancellationToken);
        await using var asked = new BatchTransaction(_source);
        return await isSaved(asked, cancellationToken);
    }

    /// <summary>Rolls back what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        await Statements.DisposeAsync();
        if (_transaction is not null) await _transaction.DisposeAsync();
        if (_connection is not null) await _connection.DisposeAsync();
    }

    private async ValueTask<NpgsqlConnection> ConnectedAsync()
    {
        if (_connection is not null) return _connection;
        try
        {
            return _connection = await _source.OpenConnectionAsync();
        }
        catch
        {
            IsUnreachable = true;
            throw;
        }
    }
}
