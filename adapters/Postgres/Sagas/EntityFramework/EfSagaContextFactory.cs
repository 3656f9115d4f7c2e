using System.Data;
using Conductor.Postgres.Outbox;
using MassTransit;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Conductor.Postgres.Sagas.EntityFramework;

/// <summary>The saga repository of MassTransit over one READ COMMITTED transaction per message, or over the endpoint's outbox transaction.</summary>
internal sealed class EfSagaContextFactory<TSaga, TDb>(
    TDb db, ISagaConsumeContextFactory<DbContext, TSaga> factory, SagaOptions<TSaga> options)
    : ISagaRepositoryContextFactory<TSaga>, IQuerySagaRepositoryContextFactory<TSaga>, ILoadSagaRepositoryContextFactory<TSaga>
    where TSaga : class, ISaga
    where TDb : DbContext
{
    private readonly SagaLoader<TSaga> _loader = new(db, options.IsOptimistic);

    public void Probe(ProbeContext context)
    {
        context.Add("persistence", "entity-framework");
        context.Add("concurrency", options.IsOptimistic ? "optimistic" : "pessimistic");
    }

    public Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next) where T : class => InTransactionAsync(context, async () =>
    {
        if (!options.IsOptimistic && context.CorrelationId is { } id) await SagaTable.LockAsync<TSaga>(db, [id], context.CancellationToken);
        await next.Send(new EfSagaContext<TSaga, T>(db, context, factory, _loader));
    });

    public Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next)
        where T : class => InTransactionAsync(context, async () =>
    {
        var instances = await _loader.FindAsync(query, context.CancellationToken);
        var saga = new EfSagaContext<TSaga, T>(db, context, factory, _loader);
        await next.Send(new SequentialQueryContext<TSaga, T>(saga, instances));
    });

    public Task<T> Execute<T>(Func<LoadSagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default)
        where T : class => asyncMethod(new EfSagaReader<TSaga>(db, cancellationToken));

    public Task<T> Execute<T>(Func<QuerySagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default)
        where T : class => asyncMethod(new EfSagaReader<TSaga>(db, cancellationToken));

    private async Task InTransactionAsync(ConsumeContext context, Func<Task> body)
    {
        if (options.IsOptimistic) SagaTable.DemandVersion<TSaga>(db);
        if (context.TryGetPayload(out IMessageTransaction? outbox) && db.Database.CurrentTransaction?.GetDbTransaction() == outbox.Transaction)
        {
            await body();
            return;
        }
        // What an earlier attempt left behind is stale: queries do not refresh entities that are tracked.
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, context.CancellationToken);
        await body();
        await transaction.CommitAsync(context.CancellationToken);
    }
}
