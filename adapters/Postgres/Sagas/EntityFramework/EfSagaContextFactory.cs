using System.Data;
using Conductor.Postgres.Outbox;
using MassTransit;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Conductor.Postgres.Sagas.EntityFramework;

/// <summary>The saga repository of MassTransit over one READ COMMITTED transaction per message, or over the endpoint's outbox transaction.</summary>
internal sealed class EfSagaContextFactory<TSaga, TDb>(TDb db, ISagaConsumeContextFactory<DbContext, TSaga> factory) : ISagaRepositoryContextFactory<TSaga>
    where TSaga : class, ISaga
    where TDb : DbContext
{
    public void Probe(ProbeContext context) => context.Add("persistence", "entity-framework");

    public async Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next) where T : class
    {
        if (context.TryGetPayload(out IMessageTransaction? outbox) && db.Database.CurrentTransaction?.GetDbTransaction() == outbox.Transaction)
        {
            await SendLockedAsync(context, next);
            return;
        }
        // What an earlier attempt left behind is stale: queries do not refresh entities that are tracked.
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, context.CancellationToken);
        await SendLockedAsync(context, next);
        await transaction.CommitAsync(context.CancellationToken);
    }

    public Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next) where T : class =>
        throw new NotSupportedException($"{typeof(T).Name}: messages to {typeof(TSaga).Name} are correlated by id, not by a query");

    private async Task SendLockedAsync<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next) where T : class
    {
        if (context.CorrelationId is { } id) await SagaTable.LockAsync<TSaga>(db, id, context.CancellationToken);
        await next.Send(new EfSagaContext<TSaga, T>(db, context, factory));
    }
}
