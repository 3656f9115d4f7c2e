using Microsoft.EntityFrameworkCore;

namespace Conductor.Postgres.Tests.Messaging;

/// <summary>Effects of the tests' consumers: one row per effect, so that a second one of the same message shows.</summary>
internal sealed class ShopDb(DbContextOptions<ShopDb> options) : DbContext(options)
{
    public const string Tables = """
        CREATE TABLE app.effects (id uuid PRIMARY KEY, number integer NOT NULL, what text NOT NULL, at timestamptz NOT NULL DEFAULT now());
        """;

    public DbSet<Effect> Effects => Set<Effect>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Effect>(effect =>
    {
        effect.ToTable("effects", "app");
        effect.Property(e => e.Id).HasColumnName("id").ValueGeneratedNever();
        effect.Property(e => e.Number).HasColumnName("number");
        effect.Property(e => e.What).HasColumnName("what");
    });
}

internal sealed class Effect
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public int Number { get; init; }

    public string What { get; init; } = "";
}
