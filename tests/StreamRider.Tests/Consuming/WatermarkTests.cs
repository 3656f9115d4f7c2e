using Conductor.Engines;
using Conductor.StreamRider.Tests.Riding;

namespace Conductor.StreamRider.Tests.Consuming;

[Integration]
public sealed class WatermarkTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_slow_record_holds_the_position_back_and_after_a_restart_nothing_is_lost_and_nothing_done_twice()
    {
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)).WithEffects(
            configure: e => (e.ConcurrentMessageLimit, e.CheckpointInterval) = (8, TimeSpan.FromMilliseconds(50)));
        await using (var ride = await Ride.StartAsync(setup))
        {
            // Number 5 hangs until the bus gives it up.
            ride.Seen.Act = context => context.Message.Number == 5 ? Task.Delay(Timeout.Infinite, context.CancellationToken) : Task.CompletedTask;
            for (var i = 0; i < 40; i++) await ride.ProduceAsync(setup.Topic, $"k{i}", new OrderPlaced(i));
            // Those of its lane are behind it; the others are done.
            await Eventually.BecomesAsync(() => ride.CountAsync("SELECT count(*) FROM app.effects"), effects => effects >= 20);
            await Eventually.BecomesAsync(() => ride.Broker.LagAsync(setup.Topic), lag => lag == 35);
            (await ride.Broker.PositionsAsync(setup.Topic, "g", Cancel))[0].Next.ShouldBe(5);
        }
        await using var again = await Ride.StartAsync(setup);
        await Eventually.BecomesAsync(() => again.CountAsync("SELECT count(*) FROM app.effects"), effects => effects >= 40);
        await Eventually.BecomesAsync(() => again.Broker.LagAsync(setup.Topic), lag => lag == 0);
        (await again.CountAsync("SELECT count(*) FROM app.effects")).ShouldBe(40);
        (await again.CountAsync("SELECT count(DISTINCT number) FROM app.effects")).ShouldBe(40);
    }

    [Fact]
    public async Task Reading_stops_when_too_much_is_done_behind_a_slow_record()
    {
        using var gate = new SemaphoreSlim(0);
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)).Consuming(e => (e.ConcurrentMessageLimit, e.MessageLimit) = (8, 10));
        await using var ride = await Ride.StartAsync(setup);
        ride.Seen.Act = context => context.Message.Number == 0 ? gate.WaitAsync(Cancel) : Task.CompletedTask;
        for (var i = 0; i < 100; i++) await ride.ProduceAsync(setup.Topic, $"k{i}", new OrderPlaced(i));
        await Eventually.IsTrueAsync(() => ride.Seen.Arrivals.Count >= 5, "some are done");
        ride.Seen.Numbers.Max().ShouldBeLessThan(10);
        gate.Release();
        await Eventually.BecomesAsync(() => ride.Seen.Arrivals, a => a.Count == 100);
    }
}
