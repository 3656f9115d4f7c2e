using System.Diagnostics;
using Conductor.Engines;
using MassTransit;

namespace Conductor.StreamRider.Tests.Riding;

/// <summary>
/// Events through the rider, from a produce to a consumer (<c>./bench stream</c>): alone, with one row of effects and the inbox, and with an event that
/// the consumer produces by the outbox. Producer and consumer share the process, whose processor time is given.
/// </summary>
[Integration]
public sealed class RideSpeed(PostgresServer postgres, RabbitMqServer rabbitMq, KafkaServer kafka, ITestOutputHelper output) : IClassFixture<KafkaServer>
{
    private const int Keys = 500;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Explicit = true)]
    [InlineData("kafka", Way.Alone, 30_000)]
    [InlineData("rabbitmq", Way.Alone, 30_000)]
    [InlineData("kafka", Way.Inbox, 5_000)]
    [InlineData("kafka", Way.InboxAndOutbox, 5_000)]
    [InlineData("rabbitmq", Way.Inbox, 5_000)]
    [InlineData("rabbitmq", Way.InboxAndOutbox, 5_000)]
    public async Task Events_from_a_produce_to_a_consumer(string broker, Way way, int count)
    {
        var setup = await RideSetup.CreateAsync(postgres, rabbitMq);
        if (broker == "kafka") setup = setup with { Kafka = kafka.ConnectionString };
        setup = way switch
        {
            Way.Alone => setup.Consuming(Parallel, partitions: 3),
            Way.Inbox => setup.WithEffects(configure: Parallel, partitions: 3),
            _ => setup.WithEffects(rider => rider.AddProducer<string, OrderShipped>(setup.Shipped), Parallel, partitions: 3),
        };
        await using var ride = await Ride.StartAsync(setup);
        if (way == Way.InboxAndOutbox) await ride.Broker.EnsureTopicAsync(new(setup.Shipped, 3), Cancel);
        await PassAsync(ride, setup, 0, 500);
        var (clock, used) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        await PassAsync(ride, setup, 500, count);
        if (way == Way.InboxAndOutbox) await Eventually.BecomesAsync(() => ride.CountAsync("SELECT count(*) FROM app.outbox"), left => left == 0, seconds: 300);
        output.WriteLine($"{broker}, {way}: {count} events, {count / clock.Elapsed.TotalSeconds:F0}/s, "
            + $"{(Environment.CpuUsage.TotalTime - used).TotalMicroseconds / count:F0} µs of processor each");
    }

    private static void Parallel(IKafkaTopicReceiveEndpointConfigurator<string, OrderPlaced> endpoint) => endpoint.ConcurrentMessageLimit = 16;

    private static async Task PassAsync(Ride ride, RideSetup setup, int first, int count)
    {
        await Task.WhenAll(Enumerable.Range(first, count).Select(i => ride.ProduceAsync(setup.Topic, $"k{i % Keys}", new OrderPlaced(i, $"k{i % Keys}"))));
        await Eventually.BecomesAsync(() => ride.Seen.Count, seen => seen >= first + count, seconds: 300);
    }

    public enum Way
    {
        Alone,
        Inbox,
        InboxAndOutbox,
    }
}
