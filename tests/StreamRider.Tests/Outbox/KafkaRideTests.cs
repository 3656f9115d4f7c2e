using Conductor.Engines;
using Conductor.StreamRider.Tests.Riding;
using Conductor.Testing;
using MassTransit;

namespace Conductor.StreamRider.Tests.Outbox;

/// <summary>The rider on Kafka, through <c>UsingKafka</c>. Rounds of kills, each with 2,000 events: CONDUCTOR_KILL_ROUNDS (2).</summary>
[Integration]
public sealed class KafkaRideTests(PostgresServer postgres, RabbitMqServer rabbitMq, KafkaServer kafka, ITestOutputHelper output) : IClassFixture<KafkaServer>
{
    private const int Keys = 50;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_of_a_key_are_consumed_in_order_and_a_failure_goes_to_the_error_topic()
    {
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)) with { Kafka = kafka.ConnectionString };
        setup = setup.Consuming(e => e.ConcurrentMessageLimit = 8, partitions: 3);
        await using var ride = await Ride.StartAsync(setup);
        ride.Seen.Act = context => context.Message.Fail is { } reason ? throw new InvalidOperationException(reason) : Task.CompletedTask;
        for (var i = 0; i < 300; i++) await ride.ProduceAsync(setup.Topic, $"k{i % 7}", new OrderPlaced(i, $"k{i % 7}"));
        await ride.ProduceAsync(setup.Topic, "bad", new OrderPlaced(1_000, Fail: "no stock"));
        var arrivals = await Eventually.BecomesAsync(() => ride.Seen.Arrivals, a => a.Count >= 300);
        foreach (var ofKey in arrivals.GroupBy(arrival => arrival.Key)) ofKey.Select(arrival => arrival.Number).ShouldBeInOrder();
        var error = (await ride.Broker.ArrivedAsync($"{setup.Topic}.error", 1, Domain.Streams.Brokers.Partitioner.PartitionOf("bad"u8, 3)))[0];
        error.Header("MT-Fault-Message").ShouldBe("no stock");
        await Eventually.BecomesAsync(() => ride.Broker.LagAsync(setup.Topic), lag => lag == 0);
    }

    [Fact]
    public async Task Events_have_their_effects_once_and_go_on_in_the_order_of_their_keys_though_broker_and_database_die_in_between()
    {
        var rounds = KillSettings.Rounds(2);
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)) with { Kafka = kafka.ConnectionString };
        setup = setup.WithEffects(rider => rider.AddProducer<string, OrderShipped>(setup.Shipped), e => e.ConcurrentMessageLimit = 8, partitions: 3);
        await using var ride = await Ride.StartAsync(setup);
        await ride.Broker.EnsureTopicAsync(new(setup.Shipped, 2), Cancel);
        var all = 2_000 * rounds;
        var producing = Task.Run(() => ProduceAsync(ride, setup.Topic, all), Cancel);
        for (var kill = 1; kill <= rounds; kill++)
        {
            var due = all * kill / (rounds + 1);
            await Eventually.BecomesAsync(() => EffectsAsync(ride), effects => effects >= due, seconds: 300);
            if (kill % 2 == 0) await kafka.KillAndStartAsync(Cancel);
            else await postgres.KillAndStartAsync(Cancel);
        }
        await producing;
        await Eventually.BecomesAsync(() => EffectsAsync(ride), effects => effects >= all, seconds: 300);
        await Eventually.BecomesAsync(() => LagAsync(ride, setup.Topic), lag => lag == 0, seconds: 120);
        (await ride.CountAsync("SELECT count(*) FROM app.effects")).ShouldBe(all);
        (await ride.CountAsync("SELECT count(DISTINCT number) FROM app.effects")).ShouldBe(all);
        await CheckShippedAsync(ride, setup.Shipped, all);
        (await ride.Broker.FindTopicAsync($"{setup.Topic}.error", Cancel)).ShouldBeNull("an outage is no failure of a record");
        output.WriteLine($"{rounds / 2} kills of Kafka, {(rounds + 1) / 2} of PostgreSQL: {all} events, each with its effect once, "
            + "passed on in the order of their keys");
    }

    // One after the other, key by key: what could not be confirmed is produced again, under the same id.
    private static Task ProduceAsync(Ride ride, string topic, int count) => Task.WhenAll(Enumerable.Range(0, Keys).Select(async key =>
    {
        for (var i = key; i < count; i += Keys)
        {
            var (message, id) = (new OrderPlaced(i, $"k{key}"), NewId.NextGuid());
            await Eventually.IsTrueAsync(async () =>
            {
                try
                {
                    await ride.ProduceAsync(topic, $"k{key}", message, Pipe.Execute<KafkaSendContext<string, OrderPlaced>>(c => c.MessageId = id));
                    return true;
                }
                catch (Domain.Streams.Brokers.StreamUnavailableException)
                {
                    return false;
                }
            }, "the broker takes it", seconds: 120);
        }
    }));

    private static async Task<long> EffectsAsync(Ride ride)
    {
        try
        {
            return await ride.CountAsync("SELECT count(*) FROM app.effects");
        }
        catch (Npgsql.NpgsqlException)
        {
            return -1;
        }
    }

    private static async Task<long> LagAsync(Ride ride, string topic)
    {
        try
        {
            return await ride.Broker.LagAsync(topic);
        }
        catch (Domain.Streams.Brokers.StreamUnavailableException)
        {
            return -1;
        }
    }

    // A send that was not confirmed is made again: copies have the same id.
    private static async Task CheckShippedAsync(Ride ride, string topic, int count)
    {
        var byKey = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var range in await ride.Broker.RangesAsync(topic, Cancel))
        {
            var ids = new HashSet<string?>(StringComparer.Ordinal);
            foreach (var record in await ride.Broker.ArrivedAsync(topic, (int)range.Next, range.Partition))
            {
                if (!ids.Add(record.Header("MessageId"))) continue;
                var shipped = System.Text.Json.JsonSerializer.Deserialize<OrderShipped>(record.Value.Span, System.Text.Json.JsonSerializerOptions.Web)!;
                (byKey.TryGetValue(shipped.Customer, out var numbers) ? numbers : byKey[shipped.Customer] = []).Add(shipped.Number);
            }
        }
        foreach (var numbers in byKey.Values) numbers.ShouldBeInOrder();
        byKey.Values.Sum(numbers => numbers.Count).ShouldBe(count);
    }
}
