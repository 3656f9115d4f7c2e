using Conductor.StreamRider.Consuming;
using Conductor.StreamRider.Producing;
using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace Conductor.StreamRider.Configuration;

/// <summary>Builds a topic endpoint, once there is a bus.</summary>
internal delegate ReceiveEndpoint TopicEndpointBuilder(IBusInstance bus, TopicTransports transports, ILoggerFactory logs);

/// <summary>A topic endpoint that was asked for.</summary>
/// <param name="Name">
/// Its name, also to an inbox: a group of a topic consumes each message once. Neither topics nor groups have a colon in their names.
/// </param>
/// <param name="Build">Builds it.</param>
internal sealed record TopicEndpointRegistration(string Name, TopicEndpointBuilder Build)
{
    public static TopicEndpointRegistration Of<TKey, TValue>(ConsumedTopic source, Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure)
        where TValue : class
    {
        var name = $"{source.Topic}:{source.Group}";
        return new(name, (bus, transports, logs) =>
        {
            var configuration = new TopicEndpointConfiguration<TKey, TValue>(
                bus, bus.HostConfiguration.CreateReceiveEndpointConfiguration(name), source);
            configure(configuration);
            configuration.Validate().ThrowIfContainsFailure($"The endpoint of topic {source.Topic} is misconfigured:");
            return configuration.Build(transports, logs);
        });
    }
}
