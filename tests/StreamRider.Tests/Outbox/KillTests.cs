using Conductor.Engines;
using Conductor.StreamRider.Tests.Riding;

namespace Conductor.StreamRider.Tests.Outbox;

[Integration]
public sealed class KillTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private const int Events = 1000;

    [Fact]
    public async Task Of_a_thousand_events_none_is_lost_and_each_has_its_effect_once_though_the_broker_dies_in_between()
    {
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)).WithEffects(configure: e => e.ConcurrentMessageLimit = 8, partitions: 2);
        await using var ride = await Ride.StartAsync(setup);
        var producing = Task.Run(async () =>
        {
            for (var i = 0; i < Events; i++) await ride.ProduceAsync(setup.Topic, $"k{i % 50}", new OrderPlaced(i));
        }, TestContext.Current.CancellationToken);
        await Eventually.BecomesAsync(() => ride.CountAsync("SELECT count(*) FROM app.effects"), effects => effects > 200);
        await rabbitMq.KillAndStartAsync(TestContext.Current.CancellationToken);
        await producing;
        await Eventually.BecomesAsync(
            () => ride.CountAsync("SELECT count(DISTINCT number) FROM app.effects"), effects => effects == Events, seconds: 120);
        await Eventually.BecomesAsync(() => ride.Broker.LagAsync(setup.Topic), lag => lag == 0, seconds: 120);
        (await ride.CountAsync("SELECT count(*) FROM app.effects")).ShouldBe(Events);
    }
}
