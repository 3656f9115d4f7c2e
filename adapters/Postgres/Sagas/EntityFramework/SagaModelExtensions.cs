using System.Linq.Expressions;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Conductor.Postgres.Sagas.EntityFramework;

/// <summary>Maps saga instances.</summary>
public static class SagaModelExtensions
{
    /// <summary>
    /// Maps an instance by its correlation id. <paramref name="version"/> becomes the row's version (PostgreSQL's <c>xmin</c>, no
    /// column of its own), which optimistic sagas need.
    /// </summary>
    public static EntityTypeBuilder<TSaga> Saga<TSaga>(this ModelBuilder model, string table, Expression<Func<TSaga, uint>>? version = null)
        where TSaga : class, ISaga
    {
        var entity = model.Entity<TSaga>().ToTable(table);
        entity.HasKey(x => x.CorrelationId);
        entity.Property(x => x.CorrelationId).ValueGeneratedNever();
        if (version is not null) entity.Property(version).IsRowVersion();
        return entity;
    }
}
