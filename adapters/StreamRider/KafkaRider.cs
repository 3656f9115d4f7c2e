using Conductor.StreamRider.Configuration;
using Conductor.StreamRider.Producing;
using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Conductor.StreamRider;

/// <summary>Starts and stops topic endpoints with the bus that it rides, and tells of their health.</summary>
internal sealed class KafkaRider : IKafkaRider
{
    private readonly ReceiveEndpointCollection _endpoints = new();
    private readonly TopicProducers _producers;

    public KafkaRider(IBusInstance bus, StreamRiderConfigurator configurator, IServiceProvider provider)
    {
        var transports = provider.GetRequiredService<TopicTransports>();
        _producers = new(transports, scope: null);
        _endpoints.ConnectReceiveEndpointObserver(configurator.Observers);
        var logs = provider.GetRequiredService<ILoggerFactory>();
        foreach (var endpoint in configurator.Endpoints) _endpoints.Add(endpoint.Name, endpoint.Build(bus, transports, logs));
    }

    public RiderHandle Start(CancellationToken cancellationToken = default) => new Handle(_endpoints, _endpoints.StartEndpoints(cancellationToken));

    public IEnumerable<EndpointHealthResult> CheckEndpointHealth() => _endpoints.CheckEndpointHealth();

    public ITopicProducer<TKey, TValue> GetProducer<TKey, TValue>(Uri address)
        where TValue : class => _producers.GetProducer<TKey, TValue>(address);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => _producers.ConnectSendObserver(observer);

    private sealed class Handle(ReceiveEndpointCollection endpoints, HostReceiveEndpointHandle[] started) : RiderHandle
    {
        public Task Ready => Task.WhenAll(started.Select(endpoint => endpoint.Ready));

        public Task StopAsync(CancellationToken cancellationToken) => endpoints.StopEndpoints(cancellationToken);
    }
}
