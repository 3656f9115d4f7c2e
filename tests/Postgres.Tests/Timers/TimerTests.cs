using System.Diagnostics;
using Conductor.Engines;
using Conductor.Postgres.Tests.Messaging;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Postgres.Tests.Timers;

[Integration]
public sealed class TimerTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_timer_of_a_consumer_fires_at_its_time_to_the_millisecond()
    {
        await using var shop = await StartAsync();
        await shop.Bus.Publish(new Remind(1, 0), Cancel);
        await Eventually.BecomesAsync(() => shop.Calls.Of("overdue"), count => count == 1);
        await shop.Bus.Publish(new Remind(2, 400), Cancel);
        await Eventually.BecomesAsync(() => shop.Calls.Of("overdue"), count => count == 2);
        // Through the broker and back, on a busy machine.
        (await shop.Source.ScalarAsync(
            "SELECT extract(epoch FROM o.at - r.at) * 1000 FROM app.effects o, app.effects r WHERE o.number = 2 AND o.what = 'overdue' AND r.number = 2 AND "
                + "r.what = 'reminded'"))
            .ShouldBeOfType<decimal>().ShouldBeInRange(380, 900);
    }

    [Fact]
    public async Task A_consumer_that_fails_leaves_no_timer_and_one_that_cancels_in_the_same_transaction_neither()
    {
        await using var shop = await StartAsync();
        await shop.Bus.Publish(new Remind(1, 60_000, Fail: true), Cancel);
        await shop.Bus.Publish(new Remind(2, 60_000, Cancel: true), Cancel);
        await shop.Bus.Publish(new Remind(3, 60_000), Cancel);
        await Eventually.BecomesAsync(() => shop.Calls.Of("reminded"), count => count == 3);
        await Eventually.BecomesAsync(() => shop.EffectsAsync("reminded"), count => count == 2);
        (await shop.CountAsync("SELECT count(*) FROM app.outbox WHERE token IS NOT NULL")).ShouldBe(1);
    }

    [Fact]
    public async Task A_timer_outlives_the_process_that_set_it()
    {
        var setup = await SetupAsync();
        await using (var shop = await Shop.StartAsync(setup))
        {
            await shop.Bus.Publish(new Remind(1, 1500), Cancel);
            await Eventually.BecomesAsync(() => shop.EffectsAsync("reminded"), count => count == 1);
        }
        await using var next = await Shop.StartAsync(setup);
        await Eventually.BecomesAsync(() => next.EffectsAsync("overdue"), count => count == 1);
        next.Calls.Of("reminded").ShouldBe(0);
    }

    [Fact]
    public async Task Redelivery_after_a_delay_needs_no_plugin_of_the_broker_and_takes_effect_once()
    {
        var setup = await ShopSetup.CreateAsync(postgres, rabbitMq);
        await using var shop = await Shop.StartAsync(setup with { Endpoint = e => e.UseScheduledRedelivery(r => r.Intervals(200, 200)) });
        var started = Stopwatch.GetTimestamp();
        await shop.Bus.Publish(new PlaceOrder(1, "once"), Cancel);
        await Eventually.BecomesAsync(() => shop.Calls.Events, e => e.Count == 1);
        Stopwatch.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(200));
        shop.Calls.Of("PlaceOrder").ShouldBe(2);
        (await shop.EffectsAsync()).ShouldBe(1);
        await Eventually.BecomesAsync(shop.OutboxRowsAsync, rows => rows == 0);
    }

    [Fact]
    public async Task A_saga_that_sets_its_timer_anew_hears_only_the_last_one()
    {
        var setup = await ShopSetup.CreateAsync(postgres, rabbitMq);
        await using var shop = await Shop.StartAsync(setup with { Register = x => x.AddSagaStateMachine<ReminderSaga, ReminderState>().InMemoryRepository() });
        var id = NewId.NextGuid();
        await shop.Bus.Publish(new ReminderSet(id, 600), Cancel);
        await Eventually.BecomesAsync(shop.OutboxRowsAsync, rows => rows == 1);
        await shop.Bus.Publish(new ReminderSet(id, 300), Cancel);
        await Eventually.BecomesAsync(() => shop.Calls.Of("reminder"), count => count == 1);
        await Eventually.BecomesAsync(shop.OutboxRowsAsync, rows => rows == 0);
        shop.Calls.Of("reminder").ShouldBe(1);
    }

    private async Task<Shop> StartAsync() => await Shop.StartAsync(await SetupAsync());

    private async Task<ShopSetup> SetupAsync() => (await ShopSetup.CreateAsync(postgres, rabbitMq)) with
    {
        Register = x =>
        {
            x.AddConsumer<RemindConsumer>();
            x.AddConsumer<OverdueConsumer>();
        },
    };
}
