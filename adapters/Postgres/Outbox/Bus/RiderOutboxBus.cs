using MassTransit;
using MassTransit.DependencyInjection;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using MassTransit.Transports;

namespace Conductor.Postgres.Outbox.Bus;

/// <summary>The bus in the scope of a message that came another way (a rider, the mediator): what is sent joins that message's transaction.</summary>
internal sealed class RiderOutboxBus(IBus bus, ConsumeContext consuming, OutboxSendContext outbox, ScopedBusContext plain, IServiceProvider provider) : ScopedBusContext
{
    public ISendEndpointProvider SendEndpointProvider => field ??= new OutboxSendEndpointProvider(outbox, new ScopedConsumeSendEndpointProvider(bus, consuming, provider));

    public IPublishEndpoint PublishEndpoint => field ??= new PublishEndpoint(new OutboxPublishEndpointProvider(outbox, new ScopedConsumePublishEndpointProvider(bus, consuming, provider)));

    public IScopedClientFactory ClientFactory => plain.ClientFactory;
}
