using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Conductor.StreamRider.Tests.Riding;

/// <summary>Effects of consumers: one row per effect, so that a second one of the same message shows.</summary>
internal sealed class EffectsDb(DbContextOptions<EffectsDb> options) : DbContext(options)
{
    public const string Tables = "CREATE TABLE app.effects (id uuid PRIMARY KEY, number integer NOT NULL)";

    public DbSet<Effect> Effects => Set<Effect>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Effect>(effect =>
    {
        effect.ToTable("effects", "app");
        effect.Property(e => e.Id).HasColumnName("id").ValueGeneratedNever();
        effect.Property(e => e.Number).HasColumnName("number");
    });
}

internal sealed class Effect
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public int Number { get; init; }
}

/// <summary>One effect, and one event on another topic, for each message.</summary>
internal sealed class EffectConsumer(EffectsDb db, Seen seen, IServiceProvider services) : IConsumer<OrderPlaced>
{
    public async Task Consume(ConsumeContext<OrderPlaced> context)
    {
        db.Effects.Add(new() { Number = context.Message.Number });
        if (services.GetService(typeof(ITopicProducer<string, OrderShipped>)) is ITopicProducer<string, OrderShipped> shipped)
            await shipped.Produce(context.Message.Customer, new OrderShipped(context.Message.Number, context.Message.Customer));
        await seen.Act(context);
        seen.Add(context, context.Message.Number);
    }
}
