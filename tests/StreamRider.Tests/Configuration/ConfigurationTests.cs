using Conductor.Engines;
using Conductor.RabbitMqStreams;
using Conductor.StreamRider.Configuration;
using Conductor.StreamRider.Tests.Riding;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.StreamRider.Tests.Configuration;

public sealed class ConfigurationTests
{
    [Fact]
    public void What_a_host_is_told_becomes_settings_of_the_client()
    {
        var sasl = new KafkaSasl();
        var given = (IKafkaSaslConfigurator)sasl;
        (given.Mechanism, given.Username, given.Password) = (SaslMechanism.ScramSha512, "u", "p");
        var ssl = new KafkaSsl();
        ((IKafkaSslConfigurator)ssl).CaLocation = "/ca.pem";
        var options = KafkaBrokers.OptionsOf(new() { Servers = ["a:1", "b:2"], ClientId = "shop", Sasl = sasl, Ssl = ssl });
        (options.BootstrapServers, options.ClientName).ShouldBe(("a:1,b:2", "shop"));
        options.Settings.ShouldBe(new Dictionary<string, string>
        {
            ["security.protocol"] = "sasl_ssl", ["sasl.mechanism"] = "SCRAM-SHA-512", ["sasl.username"] = "u", ["sasl.password"] = "p",
            ["ssl.ca.location"] = "/ca.pem",
        }, ignoreOrder: true);
        KafkaBrokers.OptionsOf(new() { Servers = ["a:1"] }).Settings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Kafka_without_a_host_is_a_precise_error() =>
        (await FaultAsync(rider => rider.UsingKafka((_, _) => { }), services => services.AddSingleton<KafkaBrokerFactory>((_, _) => null!)))
            .ShouldContain("k.Host(\"HOST:PORT\") is missing");

    [Fact]
    public async Task A_host_beside_a_broker_that_is_given_is_refused() =>
        (await FaultAsync(rider => rider.UsingStreams(_ => null!, (_, k) => k.Host("127.0.0.1:9092")))).ShouldContain("Host is for UsingKafka");

    [Theory]
    [InlineData("a topic", "g", "'a topic' is no name of a topic")]
    [InlineData("topic", "", "'' is no name of a group")]
    [InlineData("twice", "g", "group g has two endpoints for topic twice")]
    public async Task Names_that_no_broker_takes_are_refused(string topic, string group, string reason)
    {
        var fault = await FaultAsync(rider => rider.UsingStreams(_ => null!, (_, k) =>
        {
            k.TopicEndpoint<OrderPlaced>(topic, group, _ => { });
            if (topic == "twice") k.TopicEndpoint<OrderPlaced>(topic, group, _ => { });
        }));
        fault.ShouldContain(reason);
    }

    [Fact]
    public async Task Settings_that_make_no_sense_are_refused_with_the_topics_name()
    {
        var fault = await FaultAsync(rider => rider.UsingStreams(_ => Unreached(), (_, k) => k.TopicEndpoint<OrderPlaced>("orders", "g", e =>
        {
            (e.CheckpointMessageCount, e.MessageLimit, e.ConcurrentMessageLimit) = (0, 0, 0);
            e.CreateIfMissing(t => (t.NumPartitions, t.ReplicationFactor) = (0, 3));
        })));
        foreach (var setting in (string[])["CheckpointMessageCount", "MessageLimit", "ConcurrentMessageLimit", "NumPartitions", "ReplicationFactor"])
            fault.ShouldContain($"orders: {setting}");
    }

    private static RabbitMqStreamBroker Unreached() => new(new() { Address = new("amqp://127.0.0.1:1") }, null!, null!, TimeProvider.System);

    private static async Task<string> FaultAsync(Action<IRiderRegistrationConfigurator> configure, Action<IServiceCollection>? register = null)
    {
        var services = new ServiceCollection().AddLogging();
        register?.Invoke(services);
        services.AddMassTransit(x =>
        {
            x.DisableUsageTelemetry();
            x.AddRider(configure);
            x.UsingInMemory();
        });
        await using var provider = services.BuildServiceProvider();
        for (var e = Should.Throw<Exception>(() => provider.GetRequiredService<IBusControl>()); ; e = e.InnerException!)
        {
            if (e.InnerException is null) return e.Message;
        }
    }
}

/// <summary>A sample written from the documentation of MassTransit.Kafka, over another broker.</summary>
[Integration]
public sealed class DocumentationSampleTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    [Fact]
    public async Task It_compiles_and_runs_and_the_adapter_is_told_how_to_reach_Kafka()
    {
        var setup = await RideSetup.CreateAsync(postgres, rabbitMq);
        KafkaHost? told = null;
        await using var donor = await Ride.StartAsync(setup);
        var services = new ServiceCollection().AddLogging().AddSingleton<Seen>();
        services.AddSingleton<KafkaBrokerFactory>((host, _) =>
        {
            told = host;
            return donor.Broker;
        });
        services.AddMassTransit(x =>
        {
            x.DisableUsageTelemetry();
            x.UsingInMemory();
            x.AddRider(rider =>
            {
                rider.AddConsumer<OrderPlacedConsumer>();
                rider.AddProducer<OrderPlaced>(setup.Topic);
                rider.AddProducer<string, OrderShipped>(setup.Shipped, context => context.Message.Customer);
                rider.UsingKafka((context, k) =>
                {
                    k.Host("127.0.0.1:9092", host => host.UseSasl(sasl => (sasl.Mechanism, sasl.Username, sasl.Password) = (SaslMechanism.Plain, "u", "p")));
                    k.SecurityProtocol = SecurityProtocol.SaslPlaintext;
                    k.TopicEndpoint<OrderPlaced>(setup.Topic, "consumer-group-name", e =>
                    {
                        e.CreateIfMissing(t =>
                        {
                            t.NumPartitions = 2;
                            t.ReplicationFactor = 1;
                        });
                        e.UseMessageRetry(r => r.Immediate(1));
                        e.ConfigureConsumer<OrderPlacedConsumer>(context);
                    });
                });
            });
        });
        await using var provider = services.BuildServiceProvider();
        var busControl = provider.GetRequiredService<IBusControl>();
        await busControl.StartAsync(TestContext.Current.CancellationToken);
        try
        {
            var producer = provider.GetRequiredService<ITopicProducer<OrderPlaced>>();
            await producer.Produce(new { Number = 5 }, TestContext.Current.CancellationToken);
            var seen = provider.GetRequiredService<Seen>();
            await Eventually.BecomesAsync(() => seen.Numbers, numbers => numbers is [5]);
        }
        finally
        {
            await busControl.StopAsync(CancellationToken.None);
        }
        told.ShouldNotBeNull().Servers.ShouldBe(["127.0.0.1:9092"]);
        (told.SecurityProtocol, told.Sasl?.Mechanism, told.Sasl?.Username).ShouldBe((SecurityProtocol.SaslPlaintext, SaslMechanism.Plain, "u"));
    }
}
