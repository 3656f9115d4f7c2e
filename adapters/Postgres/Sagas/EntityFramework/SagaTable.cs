using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Conductor.Postgres.Sagas.EntityFramework;

/// <summary>Statements on the table that a saga is mapped to. Names come from the model, values are parameters.</summary>
internal static class SagaTable
{
    /// <summary>Locks an instance until the transaction ends, whether it is there or not.</summary>
    public static Task LockAsync<TSaga>(DbContext db, Guid id, CancellationToken cancellationToken) where TSaga : class, ISaga =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({SagaLock.Key(typeof(TSaga), id)})", cancellationToken);

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
}
