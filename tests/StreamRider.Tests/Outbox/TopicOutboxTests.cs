using Conductor.Engines;
using Conductor.Postgres.Outbox;
using Conductor.StreamRider.Tests.Riding;
using MassTransit;
using MassTransit.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.StreamRider.Tests.Outbox;

[Integration]
public sealed class TopicOutboxTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_consumer_produces_is_a_row_of_its_transaction()
    {
        var setup = await ShippingAsync(o => o.Deliver = false);
        await using var ride = await Ride.StartAsync(setup);
        await ride.ProduceAsync(setup.Topic, "ann", new OrderPlaced(1, "ann"));
        await Eventually.BecomesAsync(() => ride.CountAsync("SELECT count(*) FROM app.effects"), effects => effects == 1);
        (await ride.CountAsync($"SELECT count(*) FROM app.outbox WHERE destination = 'topic:{setup.Shipped}' AND sequence IS NOT NULL")).ShouldBe(1);
        (await ride.Broker.RangesAsync(setup.Shipped, Cancel))[0].Next.ShouldBe(0);
    }

    [Fact]
    public async Task It_is_sent_after_the_commit_and_not_at_all_after_a_rollback()
    {
        var setup = await ShippingAsync();
        await using var ride = await Ride.StartAsync(setup);
        ride.Seen.Act = context => context.Message.Fail is null ? Task.CompletedTask : throw new InvalidOperationException("told to fail");
        await ride.ProduceAsync(setup.Topic, "ann", new OrderPlaced(1, "ann", Fail: "always"));
        await ride.ProduceAsync(setup.Topic, "ann", new OrderPlaced(2, "ann"));
        var shipped = (await Eventually.BecomesAsync(() => Shipped(ride), a => a.Count == 1))[0];
        (shipped.Number, shipped.Key).ShouldBe((2, "ann"));
        await Eventually.BecomesAsync(() => ride.CountAsync("SELECT count(*) FROM app.outbox"), rows => rows == 0);
        (await ride.Broker.RangesAsync(setup.Shipped, Cancel)).Sum(range => range.Next - range.First).ShouldBe(1);
        (await ride.CountAsync("SELECT count(*) FROM app.effects")).ShouldBe(1);
    }

    [Fact]
    public async Task Records_of_a_key_leave_in_the_order_of_their_transactions_however_many_processes_send()
    {
        const int Keys = 10, Each = 40;
        var setup = await ShippingAsync(o => o.PollInterval = TimeSpan.FromMilliseconds(500));
        await using var ride = await Ride.StartAsync(setup);
        // Delivers as well, and consumes nothing.
        await using var other = await Ride.StartAsync(setup with { Register = null, Topics = null });
        await Task.WhenAll(Enumerable.Range(0, Keys).Select(async key =>
        {
            for (var i = 0; i < Each; i++) await ride.ProduceAsync(setup.Topic, $"k{key}", new OrderPlaced(i, $"k{key}"));
        }));
        var shipped = await Eventually.BecomesAsync(() => Shipped(ride), a => a.Count >= Keys * Each);
        shipped.Count.ShouldBe(Keys * Each);
        foreach (var ofKey in shipped.GroupBy(arrival => arrival.Key)) ofKey.Select(arrival => arrival.Number).ShouldBe(Enumerable.Range(0, Each));
        await Eventually.BecomesAsync(() => ride.CountAsync("SELECT count(*) FROM app.outbox"), rows => rows == 0);
    }

    [Fact]
    public async Task In_a_scope_with_an_outbox_a_producer_leaves_its_record_to_it()
    {
        var setup = await ShippingAsync();
        setup = setup with
        {
            Services = services => services.AddScoped<ScopedOutbox>().AddScoped<OutboxSendContext>(scoped => scoped.GetRequiredService<ScopedOutbox>()),
        };
        await using var ride = await Ride.StartAsync(setup);
        await using var scope = ride.Services.CreateAsyncScope();
        var producer = scope.ServiceProvider.GetRequiredService<ITopicProducer<string, OrderShipped>>();
        await producer.Produce("ann", new OrderShipped(3, "ann"), Cancel);
        var outbox = scope.ServiceProvider.GetRequiredService<ScopedOutbox>();
        outbox.Messages.ShouldHaveSingleItem().Destination.ShouldBe($"topic:{setup.Shipped}");
        Shipped(ride).ShouldBeEmpty();
        await ride.Services.GetRequiredService<MessageOutbox>().SendAsync(outbox.Messages, cancellationToken: Cancel);
        (await Eventually.BecomesAsync(() => Shipped(ride), a => a.Count == 1))[0].Key.ShouldBe("ann");
    }

    private static List<Arrival> Shipped(Ride ride) => [.. ride.Seen.Arrivals.Where(arrival => arrival.Context is ConsumeContext<OrderShipped>)];

    private async Task<RideSetup> ShippingAsync(Action<OutboxOptions>? options = null)
    {
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)) with { Options = options };
        var effects = setup.WithEffects(rider =>
        {
            rider.AddConsumer<OrderShippedConsumer>();
            rider.AddProducer<string, OrderShipped>(setup.Shipped);
        }, e => e.ConcurrentMessageLimit = 4);
        return effects with
        {
            Topics = (context, k) =>
            {
                effects.Topics!(context, k);
                k.TopicEndpoint<string, OrderShipped>(setup.Shipped, "g", e =>
                {
                    e.CreateIfMissing();
                    e.ConfigureConsumer<OrderShippedConsumer>(context);
                });
            },
        };
    }

    private sealed class ScopedOutbox(MessageOutbox outbox) : OutboxSendContext
    {
        public List<OutboxMessage> Messages { get; } = [];

        public Task AddSend<T>(SendContext<T> context)
            where T : class
        {
            Messages.Add(outbox.Capture(context));
            return Task.CompletedTask;
        }

        public object? GetService(Type serviceType) => null;
    }
}
