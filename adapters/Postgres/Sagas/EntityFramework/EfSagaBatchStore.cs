using Conductor.Postgres.Sagas.GroupCommit;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Conductor.Postgres.Sagas.EntityFramework;

/// <summary>
/// Group commit for a saga that EF Core maps: its rows are read and written in batches by a registered <typeparamref name="TDb"/>.
/// The instance is one row with no shadow properties and no navigations; richer ones need a store of their own.
/// </summary>
public sealed class EfSagaBatchStore<TSaga, TDb>(IServiceScopeFactory scopes) : ISagaBatchStore<TSaga>
    where TSaga : class, ISaga
    where TDb : DbContext
{
    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<Guid, TSaga>> LoadAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<SagaMessage> messages, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = await ConnectAsync(scope, connection, transaction, cancellationToken);
        Guid[] ids = [.. messages.Select(x => x.SagaId).Distinct()];
        var rows = messages.All(x => x.Message is null)
            ? db.Set<TSaga>().Where(x => ids.Contains(x.CorrelationId))
            : SagaTable.Locked<TSaga>(db, ids);
        return await rows.AsNoTracking().ToDictionaryAsync(x => x.CorrelationId, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task SaveAsync(NpgsqlBatch commands, IReadOnlyList<SagaChange<TSaga>> changes, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = await ConnectAsync(scope, commands.Connection!, commands.Transaction!, cancellationToken);
        foreach (var (saga, isNew, isCompleted) in changes)
        {
            if (isNew && isCompleted) continue;
            if (isNew) db.Add(saga);
            else if (isCompleted) db.Remove(saga);
            else db.Update(saga);
        }
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Guid>> FindAsync(NpgsqlConnection connection, ISagaQuery<TSaga> query, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = await ConnectAsync(scope, connection, transaction: null, cancellationToken);
        return await db.Set<TSaga>().AsNoTracking().Where(query.FilterExpression).Select(x => x.CorrelationId).ToListAsync(cancellationToken);
    }

    private static async Task<TDb> ConnectAsync(
        AsyncServiceScope scope, NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
    {
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        db.Database.SetDbConnection(connection, contextOwnsConnection: false);
        // The batch as a whole is rolled back when it fails.
        db.Database.AutoSavepointsEnabled = false;
        if (transaction is not null) await db.Database.UseTransactionAsync(transaction, cancellationToken);
        return db;
    }
}
