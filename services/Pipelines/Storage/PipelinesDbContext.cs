using Conductor.Postgres.Pipelines;
using Conductor.Sagas.Pipeline;
using Microsoft.EntityFrameworkCore;

namespace Conductor.Pipelines.Storage;

/// <summary>The saga's table; everything else in the database is plain SQL.</summary>
internal sealed class PipelinesDbContext(DbContextOptions<PipelinesDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(PipelineTables.Schema);
        modelBuilder.ApplyConfiguration(new PipelineMap());
    }
}
