using Conductor.Engines;
using Conductor.Brokers;
using Conductor.Pipelines.Tests.Service;
using Conductor.Pipelines.Tests.Topics;

namespace Conductor.Pipelines.Tests.Brokers;

public sealed class StreamBrokersTests
{
    [Fact]
    public void A_broker_is_found_by_its_name_and_the_default_is_the_one_that_is_named()
    {
        var brokers = new StreamBrokers([new BrokerInMemory("a"), new BrokerInMemory("b")], "b");
        brokers.Default.Name.ShouldBe("b");
        brokers.Find("a")!.Name.ShouldBe("a");
        brokers.Find("c").ShouldBeNull();
        brokers.All.Select(broker => broker.Name).ShouldBe(["a", "b"]);
    }

    [Fact]
    public void A_default_that_is_not_configured_is_refused_with_those_that_are() =>
        Should.Throw<InvalidOperationException>(() => new StreamBrokers([new BrokerInMemory("a"), new BrokerInMemory("b")], "c")).Message
            .ShouldBe("Pipelines:Broker names 'c', which is not configured; there is a, b");
}

[Integration]
public sealed class UnknownBrokerTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    [Fact]
    public async Task A_service_whose_broker_is_not_configured_does_not_start_and_says_so() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => PipelineService.StartAsync(postgres, rabbitMq, ("Pipelines__Broker", "pulsar")))).Message
            .ShouldContain("Pipelines:Broker names 'pulsar', which is not configured; there is rabbitmq");
}
