using System.Diagnostics.Metrics;
using Conductor.Engines;
using Conductor.Postgres.Outbox;
using Conductor.Postgres.Tests.Messaging;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Postgres.Tests.Inbox;

[Integration]
public sealed class InboxTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Duplicates_at_once_and_later_have_no_second_effect_and_are_not_taken_for_unwanted()
    {
        var duplicates = 0L;
        using var listener = new MeterListener
        {
            InstrumentPublished = (i, l) => { if (i.Name is "conductor.inbox.duplicates") l.EnableMeasurementEvents(i); },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref duplicates, value));
        listener.Start();
        var setup = await ShopSetup.CreateAsync(postgres, rabbitMq);
        await using var shop = await Shop.StartAsync(setup);
        var id = NewId.NextGuid();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => shop.Bus.Publish(new PlaceOrder(1), c => c.MessageId = id, Cancel)));
        await shop.Bus.Publish(new PlaceOrder(1), c => c.MessageId = id, Cancel);
        await shop.Bus.Publish(new PlaceOrder(2), Cancel);
        await Eventually.BecomesAsync(() => Interlocked.Read(ref duplicates), count => count >= 10);
        await Eventually.BecomesAsync(() => shop.Calls.Events, e => e.Count == 2);
        (await shop.EffectsAsync()).ShouldBe(2);
        shop.Calls.Of("PlaceOrder").ShouldBe(2);
        (await Broker.HasQueueAsync(setup.RabbitMq, $"{setup.Prefix}-place-order_skipped")).ShouldBeFalse();
        (await Broker.HasQueueAsync(setup.RabbitMq, $"{setup.Prefix}-place-order")).ShouldBeTrue();
    }

    [Fact]
    public async Task Two_consumers_of_one_queue_each_have_their_effect_of_a_message()
    {
        var setup = await ShopSetup.CreateAsync(postgres, rabbitMq);
        await using var shop = await Shop.StartAsync(setup with
        {
            Register = x =>
            {
                x.AddConsumer<PlaceOrderConsumer>().Endpoint(e => e.Name = setup.Prefix + "-both");
                x.AddConsumer<AuditConsumer>().Endpoint(e => e.Name = setup.Prefix + "-both");
            },
        });
        await shop.Bus.Publish(new PlaceOrder(1), Cancel);
        await Eventually.BecomesAsync(() => shop.EffectsAsync("audited"), count => count == 1);
        await Eventually.BecomesAsync(() => shop.EffectsAsync(), count => count == 1);
        (await shop.CountAsync("SELECT count(DISTINCT consumer_id) FROM app.inbox")).ShouldBe(2);
    }

    [Fact]
    public async Task Foreign_messages_without_an_id_are_consumed_even_when_their_bytes_are_alike()
    {
        var setup = await ShopSetup.CreateAsync(postgres, rabbitMq);
        await using var shop = await Shop.StartAsync(setup with { Endpoint = Raw });
        await Broker.PublishAsync(setup.RabbitMq, $"{setup.Prefix}-place-order", """{"number":4}""", times: 2);
        await Eventually.BecomesAsync(() => shop.EffectsAsync(), count => count >= 2);
        (await shop.EffectsAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_DbContext_that_retries_by_itself_is_refused()
    {
        var setup = await ShopSetup.CreateAsync(postgres, rabbitMq);
        await using var shop = await Shop.StartAsync(setup with { Db = db => db.UseNpgsql(setup.ConnectionString, n => n.EnableRetryOnFailure()) });
        var faults = new Faults();
        using var observing = shop.Bus.ConnectReceiveObserver(faults);
        await shop.Bus.Publish(new PlaceOrder(1), Cancel);
        (await Eventually.BecomesAsync(() => faults.Messages, m => m.Count > 0))[0].ShouldContain("EnableRetryOnFailure");
        shop.Calls.Of("PlaceOrder").ShouldBe(0);
    }

    [Fact]
    public async Task What_was_consumed_before_the_retention_is_forgotten()
    {
        await using var shop = await Shop.StartAsync(await ShopSetup.CreateAsync(postgres, rabbitMq));
        await shop.Source.ScalarAsync(
            "INSERT INTO app.inbox SELECT gen_random_uuid(), gen_random_uuid(), now() - interval '8 days' FROM generate_series(1, 25000)");
        await shop.Source.ScalarAsync(
            "INSERT INTO app.inbox SELECT gen_random_uuid(), gen_random_uuid(), now() - interval '6 days' FROM generate_series(1, 10)");
        (await shop.Services.GetRequiredService<OutboxUpkeep>().ForgetAsync(Cancel)).ShouldBe(25000);
        (await shop.CountAsync("SELECT count(*) FROM app.inbox")).ShouldBe(10);
    }

    private static void Raw(IReceiveEndpointConfigurator endpoint)
    {
        endpoint.ClearSerialization();
        endpoint.UseRawJsonDeserializer(RawSerializerOptions.AnyMessageType, isDefault: true);
        endpoint.UseRawJsonSerializer();
    }
}

internal sealed class AuditConsumer(ShopDb db) : IConsumer<PlaceOrder>
{
    public Task Consume(ConsumeContext<PlaceOrder> context)
    {
        db.Effects.Add(new() { Number = context.Message.Number, What = "audited" });
        return Task.CompletedTask;
    }
}
