using Conductor.Engines;
using Conductor.StreamRider.Tests.Riding;

namespace Conductor.StreamRider.Tests.Consuming;

[Integration]
public sealed class OrderTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    [Fact]
    public async Task Messages_of_a_key_are_consumed_in_order_and_those_of_others_at_the_same_time()
    {
        const int Keys = 20, Each = 25;
        var (now, most) = (0, 0);
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)).Consuming(e => e.ConcurrentMessageLimit = 8, partitions: 2);
        await using var ride = await Ride.StartAsync(setup);
        ride.Seen.Act = async _ =>
        {
            var running = Interlocked.Increment(ref now);
            while (Volatile.Read(ref most) is var seen && running > seen) Interlocked.CompareExchange(ref most, running, seen);
            await Task.Delay(Random.Shared.Next(4), TestContext.Current.CancellationToken);
            Interlocked.Decrement(ref now);
        };
        await Task.WhenAll(Enumerable.Range(0, Keys).Select(async key =>
        {
            for (var i = 0; i < Each; i++) await ride.ProduceAsync(setup.Topic, $"k{key}", new OrderPlaced(i, $"k{key}"));
        }));
        var arrivals = await Eventually.BecomesAsync(() => ride.Seen.Arrivals, a => a.Count >= Keys * Each);
        arrivals.Count.ShouldBe(Keys * Each);
        foreach (var ofKey in arrivals.GroupBy(arrival => arrival.Key)) ofKey.Select(arrival => arrival.Number).ShouldBe(Enumerable.Range(0, Each));
        most.ShouldBeInRange(3, 16);
    }
}
