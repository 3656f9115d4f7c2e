using Conductor.Engines;
using Conductor.StreamRider.Tests.Riding;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.StreamRider.Tests.Consuming;

[Integration]
public sealed class HealthTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    [Fact]
    public async Task An_endpoint_is_ready_though_its_member_gets_no_partition()
    {
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)).Consuming();
        await using var first = await Ride.StartAsync(setup);
        await using var second = await Ride.StartAsync(setup);
        await first.ProduceAsync(setup.Topic, "k", new OrderPlaced(1));
        await Eventually.BecomesAsync(() => first.Seen.Arrivals.Count + second.Seen.Arrivals.Count, count => count == 1);
        Status(first, setup).ShouldBe(BusHealthStatus.Healthy);
        Status(second, setup).ShouldBe(BusHealthStatus.Healthy);
    }

    [Fact]
    public async Task A_bus_waits_for_a_topic_that_does_not_exist_yet_and_says_so()
    {
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)).Consuming();
        setup = setup with
        {
            Topics = (context, k) => k.TopicEndpoint<string, OrderPlaced>(setup.Topic, "g", e => e.ConfigureConsumer<OrderPlacedConsumer>(context)),
            Services = services => services.Configure<MassTransitHostOptions>(host => host.WaitUntilStarted = false),
        };
        await using var ride = await Ride.StartAsync(setup);
        await Eventually.BecomesAsync(() => Status(ride, setup), status => status == BusHealthStatus.Unhealthy);
        await ride.Broker.EnsureTopicAsync(new(setup.Topic), TestContext.Current.CancellationToken);
        await Eventually.BecomesAsync(() => Status(ride, setup), status => status == BusHealthStatus.Healthy);
        await ride.ProduceAsync(setup.Topic, "k", new OrderPlaced(1));
        await Eventually.BecomesAsync(() => ride.Seen.Numbers, numbers => numbers is [1]);
    }

    [Fact]
    public async Task An_outage_shows_and_heals_and_what_was_produced_meanwhile_arrives()
    {
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)).Consuming();
        await using var ride = await Ride.StartAsync(setup);
        await ride.ProduceAsync(setup.Topic, "k", new OrderPlaced(1));
        await Eventually.BecomesAsync(() => ride.Seen.Numbers, numbers => numbers is [1]);
        var producing = Task.CompletedTask;
        await WithoutBrokerAsync(async () =>
        {
            producing = ride.ProduceAsync(setup.Topic, "k", new OrderPlaced(2));
            await Eventually.BecomesAsync(() => Status(ride, setup), status => status == BusHealthStatus.Unhealthy);
            producing.IsCompleted.ShouldBeFalse();
        });
        await producing;
        await Eventually.BecomesAsync(() => Status(ride, setup), status => status == BusHealthStatus.Healthy);
        await Eventually.BecomesAsync(() => ride.Seen.Numbers, numbers => numbers.Distinct().Count() == 2);
    }

    [Fact]
    public async Task A_message_that_fails_while_its_error_topic_cannot_be_written_waits_and_the_position_with_it()
    {
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)).Consuming();
        await using var ride = await Ride.StartAsync(setup);
        using SemaphoreSlim begun = new(0), gate = new(0);
        ride.Seen.Act = async context =>
        {
            if (context.Message.Number == 2) return;
            begun.Release();
            await gate.WaitAsync(TestContext.Current.CancellationToken);
            throw new InvalidOperationException("told to fail");
        };
        await ride.ProduceAsync(setup.Topic, "k", new OrderPlaced(1));
        await ride.ProduceAsync(setup.Topic, "k", new OrderPlaced(2));
        await begun.WaitAsync(TestContext.Current.CancellationToken);
        await WithoutBrokerAsync(async () =>
        {
            gate.Release();
            await Eventually.BecomesAsync(() => Status(ride, setup), status => status == BusHealthStatus.Unhealthy);
            ride.Seen.Arrivals.ShouldBeEmpty();
        });
        (await ride.Broker.ArrivedAsync(setup.Topic + ".error", 1))[0].Header("MT-Fault-Message").ShouldBe("told to fail");
        await Eventually.BecomesAsync(() => ride.Seen.Numbers, numbers => numbers is [2]);
        await Eventually.BecomesAsync(() => ride.Broker.LagAsync(setup.Topic), lag => lag == 0);
    }

    [Fact]
    public async Task What_watches_the_endpoints_of_the_bus_does_not_see_those_of_the_rider()
    {
        var watch = new Watch();
        var setup = (await RideSetup.CreateAsync(postgres, rabbitMq)).Consuming() with
        {
            OnRabbitMq = true, Bus = x => x.AddReceiveEndpointObserver(_ => watch),
        };
        await using var ride = await Ride.StartAsync(setup);
        watch.Ready.ShouldNotContain(address => address.AbsolutePath.Contains(setup.Topic, StringComparison.Ordinal));
    }

    private async Task WithoutBrokerAsync(Func<Task> act)
    {
        rabbitMq.Kill();
        try
        {
            await act();
        }
        finally
        {
            await rabbitMq.StartAsync(CancellationToken.None);
        }
    }

    private static BusHealthStatus Status(Ride ride, RideSetup setup) =>
        ride.Services.GetRequiredService<IBusControl>().CheckHealth().Endpoints
            .Where(endpoint => endpoint.Key.Contains(setup.Topic, StringComparison.Ordinal)).Select(endpoint => endpoint.Value.Status).SingleOrDefault();

    private sealed class Watch : IReceiveEndpointObserver
    {
        private readonly List<Uri> _ready = [];

        public IReadOnlyList<Uri> Ready
        {
            get
            {
                lock (_ready) return [.. _ready];
            }
        }

        Task IReceiveEndpointObserver.Ready(ReceiveEndpointReady ready)
        {
            lock (_ready) _ready.Add(ready.InputAddress);
            return Task.CompletedTask;
        }

        public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

        public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

        public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
    }
}
