using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Conductor.Postgres.Sagas.EntityFramework;

/// <summary>Loads instances for a message, the pessimistic or the optimistic way.</summary>
internal sealed class SagaLoader<TSaga>(DbContext db, bool optimistic) where TSaga : class, ISaga
{
    public async Task<TSaga?> LoadAsync(Guid id, CancellationToken cancellationToken)
    {
        if (optimistic) return await db.Set<TSaga>().SingleOrDefaultAsync(x => x.CorrelationId == id, cancellationToken);
        return (await SagaTable.Locked<TSaga>(db, [id]).ToListAsync(cancellationToken)).SingleOrDefault();
    }

    /// <summary>What matches a query, after the locks as well as before.</summary>
    public async Task<IReadOnlyList<TSaga>> FindAsync(ISagaQuery<TSaga> query, CancellationToken cancellationToken)
    {
        if (optimistic) return await db.Set<TSaga>().Where(query.FilterExpression).OrderBy(x => x.CorrelationId).ToListAsync(cancellationToken);
        var ids = await db.Set<TSaga>().AsNoTracking().Where(query.FilterExpression).Select(x => x.CorrelationId).ToArrayAsync(cancellationToken);
        await SagaTable.LockAsync<TSaga>(db, ids, cancellationToken);
        var locked = await SagaTable.Locked<TSaga>(db, ids).ToListAsync(cancellationToken);
        return [.. locked.Where(query.GetFilter())];
    }
}
