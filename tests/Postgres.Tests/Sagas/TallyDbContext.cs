using Microsoft.EntityFrameworkCore;

namespace Conductor.Postgres.Tests.Sagas;

public sealed class TallyDbContext(DbContextOptions<TallyDbContext> options) : DbContext(options)
{
    public DbSet<TallyState> Tallies => Set<TallyState>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<TallyState>(tally =>
    {
        tally.ToTable("tallies").HasKey(x => x.CorrelationId);
        tally.Property(x => x.CorrelationId).ValueGeneratedNever();
        tally.Property(x => x.Version).IsRowVersion();
    });
}
