using System.Collections.Concurrent;
using Conductor.Contracts;
using Conductor.Domain.Streams.Brokers;
using Conductor.StreamRider.Configuration;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;
using MassTransit.Observables;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Conductor.StreamRider.Producing;

/// <summary>The topics that a process writes to; each is opened on first use.</summary>
internal sealed class TopicTransports(IStreamBroker broker, StreamRiderConfigurator configurator, IServiceProvider provider, ILogger<TopicWriter> logger)
    : ISendTransportProvider, ISendObserverConnector, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<TopicTransport>> _transports = new(StringComparer.Ordinal);
    private readonly SendObservable _observers = new();
    // Not before it is needed: the endpoints of the bus have this when the bus is still being made.
    private readonly Lazy<IHostConfiguration> _host = new(() => provider.GetRequiredService<Bind<IBus, IBusInstance>>().Value.HostConfiguration);

    public IStreamBroker Broker => broker;

    public TopicTransport Of(string topic) => _transports.GetOrAdd(topic, name => new(() => Open(name))).Value;

    public Task<ISendTransport> GetSendTransport(Uri address) => Task.FromResult<ISendTransport>(Of(BusAddress.TopicOf(address)));

    public Uri NormalizeAddress(Uri address) => address;

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => _observers.Connect(observer);

    public async ValueTask DisposeAsync()
    {
        foreach (var transport in _transports.Values.Where(transport => transport.IsValueCreated)) await transport.Value.Writer.DisposeAsync();
    }

    private TopicTransport Open(string topic)
    {
        var pipe = new SendPipeConfiguration(_host.Value.Topology.SendTopology);
        configurator.Sending?.Invoke(pipe.Configurator);
        var transport = new TopicTransport(_host.Value, pipe.CreatePipe(), broker.Name, topic, new TopicWriter(broker, topic, logger));
        transport.ConnectSendObserver(_host.Value.SendObservers);
        transport.ConnectSendObserver(_observers);
        return transport;
    }
}
