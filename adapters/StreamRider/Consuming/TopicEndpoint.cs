using Conductor.Domain.Streams.Brokers;

namespace Conductor.StreamRider.Consuming;

/// <summary>What the parts of an endpoint share.</summary>
internal sealed record TopicEndpoint(
    TopicEndpointSettings Settings, IStreamBroker Broker, RecordConsumer Consumer, EndpointHealth Health, EndpointLog Log);
