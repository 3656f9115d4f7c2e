using MassTransit;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>Where a message from the mediator may send: to its requester after the commit, from memory; to the bus through the outbox.</summary>
internal sealed class MediatedSendEndpointProvider(ConsumeContext context, MessageEffects effects, IBus bus) : ISendEndpointProvider
{
    public ConnectHandle ConnectSendObserver(ISendObserver observer) => bus.ConnectSendObserver(observer);

    public async Task<ISendEndpoint> GetSendEndpoint(Uri address) => address == context.ResponseAddress || address == context.FaultAddress
        ? new MassTransit.Middleware.InMemoryOutbox.OutboxSendEndpoint(effects, await context.ReceiveContext.SendEndpointProvider.GetSendEndpoint(address))
        : new MassTransit.Middleware.Outbox.OutboxSendEndpoint(effects, await bus.GetSendEndpoint(address));
}
