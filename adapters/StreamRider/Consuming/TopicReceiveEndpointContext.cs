using MassTransit;
using MassTransit.Configuration;
using MassTransit.Transports;

namespace Conductor.StreamRider.Consuming;

/// <summary>What MassTransit's pipeline knows of a topic endpoint. What consumers send and publish goes to the bus.</summary>
internal sealed class TopicReceiveEndpointContext(IBusInstance bus, IReceiveEndpointConfiguration configuration, ConsumedTopic source)
    : BaseReceiveEndpointContext(bus.HostConfiguration, configuration)
{
    public override void Probe(ProbeContext context)
    {
        context.Add("topic", source.Topic);
        context.Add("group", source.Group);
    }

    // Those of a transport end with its connection. The member of an endpoint is its own.
    public override void AddSendAgent(IAgent agent) => throw new NotSupportedException("a topic endpoint has no agents");

    public override void AddConsumeAgent(IAgent agent) => throw new NotSupportedException("a topic endpoint has no agents");

    public override Exception ConvertException(Exception exception, string message) => new ConnectionException($"{message} {source.Topic}", exception);

    protected override ISendEndpointProvider CreateSendEndpointProvider() => bus.Bus;

    protected override IPublishEndpointProvider CreatePublishEndpointProvider() => bus.Bus;

    protected override ISendTransportProvider CreateSendTransportProvider() => throw new NotSupportedException("a topic endpoint sends by the bus");

    protected override IPublishTransportProvider CreatePublishTransportProvider() => throw new NotSupportedException("a topic endpoint publishes by the bus");
}
