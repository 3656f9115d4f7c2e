using Conductor.Engines;
using Conductor.Postgres.Tests.Messaging;
using MassTransit;

namespace Conductor.Postgres.Tests.Outbox;

[Integration]
public sealed class ConsumerOutboxTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_leaves_once_its_effect_is_committed_and_its_row_is_gone()
    {
        await using var shop = await Shop.StartAsync(await ShopSetup.CreateAsync(postgres, rabbitMq));
        await shop.Bus.Publish(new PlaceOrder(7), Cancel);
        await Eventually.BecomesAsync(() => shop.Calls.Events, e => e.Count == 1);
        shop.Calls.Events.ShouldBe([7]);
        (await shop.EffectsAsync()).ShouldBe(1);
        await Eventually.BecomesAsync(shop.OutboxRowsAsync, rows => rows == 0);
    }

    [Fact]
    public async Task A_consumer_that_fails_leaves_no_effect_and_sends_nothing()
    {
        await using var shop = await Shop.StartAsync(await ShopSetup.CreateAsync(postgres, rabbitMq));
        await shop.Bus.Publish(new PlaceOrder(1, "always"), Cancel);
        await Eventually.BecomesAsync(() => shop.Calls.Of("PlaceOrder"), calls => calls == 1);
        await shop.Bus.Publish(new PlaceOrder(2), Cancel);
        await Eventually.BecomesAsync(() => shop.Calls.Events, e => e.Count > 0);
        shop.Calls.Events.ShouldBe([2]);
        (await shop.EffectsAsync()).ShouldBe(1);
        (await shop.CountAsync("SELECT count(*) FROM app.inbox")).ShouldBe(1);
    }

    [Fact]
    public async Task A_retry_begins_a_new_transaction_and_takes_effect_once()
    {
        var setup = await ShopSetup.CreateAsync(postgres, rabbitMq);
        await using var shop = await Shop.StartAsync(setup with { Endpoint = e => e.UseMessageRetry(r => r.Immediate(3)) });
        await shop.Bus.Publish(new PlaceOrder(1, "once"), Cancel);
        await Eventually.BecomesAsync(() => shop.Calls.Events, e => e.Count > 0);
        shop.Calls.Of("PlaceOrder").ShouldBe(2);
        (await shop.EffectsAsync()).ShouldBe(1);
    }
}
