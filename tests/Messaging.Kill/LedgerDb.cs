using Microsoft.EntityFrameworkCore;

namespace Conductor.Messaging.Kill;

/// <summary>Effects, without any constraint that would hide a second one.</summary>
internal sealed class LedgerDb(DbContextOptions<LedgerDb> options) : DbContext(options)
{
    public DbSet<Entry> Entries => Set<Entry>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Entry>(entry =>
    {
        entry.ToTable("entries", "app");
        entry.Property(e => e.Id).HasColumnName("id").ValueGeneratedNever();
        entry.Property(e => e.Number).HasColumnName("number");
        entry.Property(e => e.What).HasColumnName("what");
    });
}

internal sealed class Entry
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public int Number { get; init; }

    public string What { get; init; } = "";
}
