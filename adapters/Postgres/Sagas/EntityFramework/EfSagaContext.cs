using MassTransit;
using MassTransit.Context;
using MassTransit.Logging;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;

namespace Conductor.Postgres.Sagas.EntityFramework;

/// <summary>
/// MassTransit's view of one transaction. Saving an instance saves what else the context tracks: entities that activities changed
/// belong to the same step.
/// </summary>
internal sealed class EfSagaContext<TSaga, T>(
    DbContext db, ConsumeContext<T> context, ISagaConsumeContextFactory<DbContext, TSaga> factory)
    : ConsumeContextScope<T>(context, db), SagaRepositoryContext<TSaga, T>
    where TSaga : class, ISaga
    where T : class
{
    private readonly ConsumeContext<T> _context = context;

    public Task<SagaConsumeContext<TSaga, T>> Add(TSaga instance) => CreateSagaConsumeContext(_context, instance, SagaConsumeContextMode.Add);

    public async Task<SagaConsumeContext<TSaga, T>> Insert(TSaga instance)
    {
        var entry = db.Set<TSaga>().Add(instance);
        try
        {
            // EF's savepoint keeps the transaction usable when the row is there already.
            await db.SaveChangesAsync(CancellationToken);
        }
        catch (DbUpdateException e)
        {
            entry.State = EntityState.Detached;
            _context.LogInsertFault<TSaga, T>(e, instance.CorrelationId);
            return null!;
        }
        _context.LogInsert<TSaga, T>(instance.CorrelationId);
        return await CreateSagaConsumeContext(_context, instance, SagaConsumeContextMode.Insert);
    }

    public async Task<SagaConsumeContext<TSaga, T>> Load(Guid correlationId) =>
        (await SagaTable.Locked<TSaga>(db, [correlationId]).ToListAsync(CancellationToken)).SingleOrDefault() is { } saga
            ? await CreateSagaConsumeContext(_context, saga, SagaConsumeContextMode.Load)
            : null!;

    public Task Save(SagaConsumeContext<TSaga> context)
    {
        db.Set<TSaga>().Add(context.Saga);
        return db.SaveChangesAsync(CancellationToken);
    }

    public Task Update(SagaConsumeContext<TSaga> context) => db.SaveChangesAsync(CancellationToken);

    public Task Delete(SagaConsumeContext<TSaga> context)
    {
        db.Set<TSaga>().Remove(context.Saga);
        return db.SaveChangesAsync(CancellationToken);
    }

    // A new instance that was finalised by its first message never existed; what else it changed is kept.
    public Task Discard(SagaConsumeContext<TSaga> context) => db.SaveChangesAsync(CancellationToken);

    public Task Undo(SagaConsumeContext<TSaga> context)
    {
        db.Entry(context.Saga).State = EntityState.Unchanged;
        return Task.CompletedTask;
    }

    public Task<SagaConsumeContext<TSaga, TMessage>> CreateSagaConsumeContext<TMessage>(
        ConsumeContext<TMessage> consumeContext, TSaga instance, SagaConsumeContextMode mode) where TMessage : class =>
        factory.CreateSagaConsumeContext(db, consumeContext, instance, mode);
}
