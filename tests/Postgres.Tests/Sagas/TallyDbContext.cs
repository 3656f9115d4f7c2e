using Conductor.Postgres.Sagas.EntityFramework;
using Microsoft.EntityFrameworkCore;

namespace Conductor.Postgres.Tests.Sagas;

public sealed class TallyDbContext(DbContextOptions<TallyDbContext> options) : DbContext(options)
{
    public DbSet<TallyState> Tallies => Set<TallyState>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Saga<TallyState>("tallies", x => x.Version);
}
