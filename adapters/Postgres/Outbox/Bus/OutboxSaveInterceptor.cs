using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Conductor.Postgres.Outbox.Bus;

/// <summary>
/// Writes what was sent in a DbContext's scope in the transaction in which its changes are saved, and hands it over after the commit.
/// What other interceptors send while they save is part of it.
/// </summary>
internal sealed class OutboxSaveInterceptor(MessageOutbox outbox) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } db)
        {
            var pending = PendingMessages.Of(db);
            pending.Saving = true;
            if (pending.Count > 0) await BeginAsync(db, pending, cancellationToken);
        }
        return result;
    }

    public override async ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (PendingMessages.Find(eventData.Context) is not { } pending) return result;
        pending.Saving = false;
        // In a transaction of the caller's they are written now, and handed over when the caller commits.
        if (Transaction(eventData.Context!) is { } transaction) await pending.WriteAsync(outbox, transaction, cancellationToken);
        if (pending.Own is not { } own) return result;
        pending.Own = null;
        await using (own) await own.CommitAsync(cancellationToken);
        return result;
    }

    public override async Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        if (PendingMessages.Find(eventData.Context) is not { } pending) return;
        pending.Saving = false;
        if (pending.Own is not { } own) return;
        pending.Own = null;
        await own.DisposeAsync();
    }

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        RefuseSynchronous(eventData.Context);
        return result;
    }

    public async ValueTask<InterceptionResult> TransactionCommittingAsync(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        if (PendingMessages.Find(eventData.Context) is { } pending) await pending.WriteAsync(outbox, (NpgsqlTransaction)transaction, cancellationToken);
        return result;
    }

    public InterceptionResult TransactionCommitting(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result)
    {
        RefuseSynchronous(eventData.Context);
        return result;
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        TransactionCommitted(transaction, eventData);
        return Task.CompletedTask;
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData)
    {
        if (PendingMessages.Find(eventData.Context) is { } pending) outbox.Committed(pending.TakeWritten());
    }

    public Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        TransactionRolledBack(transaction, eventData);
        return Task.CompletedTask;
    }

    public void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => PendingMessages.Find(eventData.Context)?.TakeWritten();

    /// <summary>Begins the transaction of pending messages, unless there is one.</summary>
    public static async Task BeginAsync(DbContext db, PendingMessages pending, CancellationToken cancellationToken)
    {
        if (db.Database.CurrentTransaction is null) pending.Own = await db.Database.BeginTransactionAsync(cancellationToken);
    }

    private static NpgsqlTransaction? Transaction(DbContext db) => (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction();

    private static void RefuseSynchronous(DbContext? db)
    {
        if (PendingMessages.Find(db) is { Count: > 0 } pending)
            throw new InvalidOperationException($"{pending.Count} messages were sent in this scope: save and commit asynchronously (SaveChangesAsync, CommitAsync)");
    }
}
