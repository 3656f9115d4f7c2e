using Conductor.Engines;
using Conductor.Postgres.Tests.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Postgres.Tests.Outbox;

[Integration]
public sealed class BusOutboxTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_scope_sends_leaves_when_its_changes_are_saved_and_not_before()
    {
        await using var shop = await Shop.StartAsync(await ShopSetup.CreateAsync(postgres, rabbitMq));
        await using var unsaved = shop.Services.CreateAsyncScope();
        await unsaved.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(new OrderPlaced(1), Cancel);
        await using var saved = shop.Services.CreateAsyncScope();
        var db = saved.ServiceProvider.GetRequiredService<ShopDb>();
        db.Effects.Add(new() { What = "placed" });
        await saved.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(new OrderPlaced(2), Cancel);
        await db.SaveChangesAsync(Cancel);
        await Eventually.BecomesAsync(() => shop.Calls.Events, e => e.Count > 0);
        shop.Calls.Events.ShouldBe([2]);
        (await shop.EffectsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task In_a_transaction_of_the_caller_it_leaves_with_the_commit_and_vanishes_with_a_rollback()
    {
        await using var shop = await Shop.StartAsync(await ShopSetup.CreateAsync(postgres, rabbitMq));
        foreach (var commit in new[] { false, true })
        {
            await using var scope = shop.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
            await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
            await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(new OrderPlaced(commit ? 1 : 0), Cancel);
            await db.SaveChangesAsync(Cancel);
            // Sent after the last save, before the commit.
            await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(new OrderPlaced(commit ? 3 : 2), Cancel);
            if (commit) await transaction.CommitAsync(Cancel);
            else await transaction.RollbackAsync(Cancel);
        }
        await Eventually.BecomesAsync(() => shop.Calls.Events, e => e.Count == 2);
        shop.Calls.Events.Order().ShouldBe([1, 3]);
        await Eventually.BecomesAsync(shop.OutboxRowsAsync, rows => rows == 0);
    }

    [Fact]
    public async Task What_another_interceptor_sends_while_it_saves_is_in_the_same_transaction()
    {
        var setup = await ShopSetup.CreateAsync(postgres, rabbitMq);
        await using var shop = await Shop.StartAsync(setup);
        await using var scope = shop.Services.CreateAsyncScope();
        var publishing = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();
        var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
        db.SavingChanges += (_, _) => publishing.Publish(new OrderPlaced(5), Cancel).GetAwaiter().GetResult();
        var id = Guid.NewGuid();
        db.Effects.Add(new() { Id = id, What = "placed" });
        await db.SaveChangesAsync(Cancel);
        await Eventually.BecomesAsync(() => shop.Calls.Events, e => e.Count == 1);
        db.ChangeTracker.Clear();
        db.Effects.Add(new() { Id = id, What = "twice" });
        await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync(Cancel));
        (await shop.CountAsync("SELECT count(*) FROM app.outbox")).ShouldBe(0);
        shop.Calls.Events.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_save_that_failed_keeps_what_was_sent_for_the_next_one()
    {
        await using var shop = await Shop.StartAsync(await ShopSetup.CreateAsync(postgres, rabbitMq));
        await using var scope = shop.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
        await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(new OrderPlaced(1), Cancel);
        db.Effects.Add(new() { What = null! });
        await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync(Cancel));
        (await shop.OutboxRowsAsync()).ShouldBe(0);
        db.ChangeTracker.Clear();
        await db.SaveChangesAsync(Cancel);
        await Eventually.BecomesAsync(() => shop.Calls.Events, e => e.Count == 1);
        shop.Calls.Events.ShouldBe([1]);
    }

    [Fact]
    public async Task Saving_synchronously_what_must_be_written_asynchronously_is_refused()
    {
        await using var shop = await Shop.StartAsync(await ShopSetup.CreateAsync(postgres, rabbitMq));
        await using var scope = shop.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(new OrderPlaced(1), Cancel);
        var db = scope.ServiceProvider.GetRequiredService<ShopDb>();
        Should.Throw<InvalidOperationException>(() => db.SaveChanges()).Message.ShouldContain("save and commit asynchronously");
    }
}
