using MassTransit;
using MassTransit.Middleware.InMemoryOutbox;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>Where a message from the mediator may send: to its requester after the commit, from memory; to the bus through the outbox.</summary>
internal sealed class MediatedSendEndpointProvider(ConsumeContext context, MessageEffects effects, IServiceProvider scope) : ISendEndpointProvider
{
    private readonly LazyBus _bus = new(scope);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => _bus.ConnectSendObserver(observer);

    public async Task<ISendEndpoint> GetSendEndpoint(Uri address)
    {
        if (address == context.ResponseAddress || address == context.FaultAddress)
            return new OutboxSendEndpoint(new HeldMessages(effects), await context.ReceiveContext.SendEndpointProvider.GetSendEndpoint(address));
        return new MassTransit.Middleware.Outbox.OutboxSendEndpoint(new SagaSends(effects, scope), await _bus.GetSendEndpoint(address));
    }
}
