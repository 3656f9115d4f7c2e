using Conductor.Engines;
using Conductor.StreamRider.Tests.Riding;
using MassTransit;

namespace Conductor.StreamRider.Tests.Consuming;

[Integration]
public sealed class RebalanceTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    [Fact]
    public async Task A_second_bus_takes_over_partitions_and_no_effect_is_lost_or_done_twice()
    {
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)).WithEffects(configure: e => e.ConcurrentMessageLimit = 4, partitions: 4);
        await using var ride = await Ride.StartAsync(setup);
        for (var i = 0; i < 100; i++) await ride.ProduceAsync(setup.Topic, $"k{i}", new OrderPlaced(i));
        await using (var second = await Ride.StartAsync(setup))
        {
            var number = 100;
            await Eventually.IsTrueAsync(async () =>
            {
                for (var i = 0; i < 20; i++) await ride.ProduceAsync(setup.Topic, $"k{number}", new OrderPlaced(number++));
                return second.Seen.Arrivals.Select(arrival => arrival.Context.Partition()).Distinct().Count() == 2;
            }, "the second bus consumes two of the four partitions");
            await Eventually.BecomesAsync(() => ride.CountAsync("SELECT count(*) FROM app.effects"), effects => effects >= number);
            // Of each partition either one, from now on.
            var (before, theirs) = (ride.Seen.Arrivals.Count, second.Seen.Arrivals.Count);
            for (var i = 0; i < 40; i++) await ride.ProduceAsync(setup.Topic, $"k{number}", new OrderPlaced(number++));
            await Eventually.BecomesAsync(() => ride.CountAsync("SELECT count(*) FROM app.effects"), effects => effects >= number);
            var mine = ride.Seen.Arrivals.Skip(before).Select(arrival => arrival.Context.Partition()).Distinct();
            mine.Intersect(second.Seen.Arrivals.Skip(theirs).Select(arrival => arrival.Context.Partition())).ShouldBeEmpty();
            (await ride.CountAsync("SELECT count(*) FROM app.effects")).ShouldBe(number);
            (await ride.CountAsync("SELECT count(DISTINCT number) FROM app.effects")).ShouldBe(number);
        }
        // It has gone: the first has all of them again.
        await ride.ProduceAsync(setup.Topic, "last", new OrderPlaced(-1));
        await Eventually.IsTrueAsync(() => ride.Seen.Numbers.Contains(-1), "the first bus has the partition of the last message");
        await Eventually.BecomesAsync(() => ride.Broker.LagAsync(setup.Topic), lag => lag == 0);
    }
}
