using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Conductor.Postgres.Sagas.EntityFramework;

/// <summary>Statements on the table that a saga is mapped to. Names come from the model, values are parameters.</summary>
internal static class SagaTable
{
    private const string LockKeys = "SELECT pg_advisory_xact_lock(k) FROM unnest({0}) AS k";

    /// <summary>Locks instances until the transaction ends, whether they are there or not.</summary>
    public static Task LockAsync<TSaga>(DbContext db, IEnumerable<Guid> ids, CancellationToken cancellationToken) where TSaga : class, ISaga
    {
        var keys = ids.Select(id => SagaLock.Key(typeof(TSaga), id)).Distinct().ToArray();
        // Always in the same order, so that two transactions cannot wait for each other in a circle.
        Array.Sort(keys);
        return db.Database.ExecuteSqlRawAsync(LockKeys, [keys], cancellationToken);
    }

    /// <summary>Instances with locked rows, in id order.</summary>
    public static IQueryable<TSaga> Locked<TSaga>(DbContext db, Guid[] ids) where TSaga : class, ISaga =>
        db.Set<TSaga>().FromSqlRaw(LockRows<TSaga>(db), ids);

    private static string LockRows<TSaga>(DbContext db)
    {
        var entity = db.Model.FindEntityType(typeof(TSaga))
            ?? throw new SagaException($"{db.GetType().Name} does not map it", typeof(TSaga), Guid.Empty);
        var sql = db.GetService<ISqlGenerationHelper>();
        var table = sql.DelimitIdentifier(entity.GetTableName()!, entity.GetSchema());
        var key = sql.DelimitIdentifier(entity.FindProperty(nameof(ISaga.CorrelationId))!.GetColumnName());
        // SELECT * leaves out the system column that row versions are mapped to.
        return $"SELECT *, xmin FROM {table} WHERE {key} = ANY({{0}}) ORDER BY {key} FOR UPDATE";
    }

    /// <exception cref="SagaException">The saga has no row version, so a lost update would go unnoticed.</exception>
    public static void DemandVersion<TSaga>(DbContext db) where TSaga : class, ISaga
    {
        if (db.Model.FindEntityType(typeof(TSaga))?.GetProperties().Any(x => x.IsConcurrencyToken) != true)
            throw new SagaException("An optimistic saga needs a row version; map one with Saga(table, x => x.Version)", typeof(TSaga), Guid.Empty);
    }
}
