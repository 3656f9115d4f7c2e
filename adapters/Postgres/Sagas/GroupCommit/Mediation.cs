using MassTransit;
using MassTransit.Middleware.InMemoryOutbox;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>Messages that came through MassTransit's in-process mediator instead of a broker.</summary>
internal static class Mediation
{
    // The mediator hands objects over as they are, under a content type of its own.
    private const string MediatedContent = "application/vnd.masstransit+obj";

    public static bool IsMediated(ConsumeContext context) => context.ReceiveContext.ContentType?.MediaType == MediatedContent;
}

/// <summary>Sends to the requester in the mediator after the commit, and everywhere else through the outbox.</summary>
internal sealed class MediatedSendEndpointProvider(ConsumeContext context, MessageEffects effects, ISendEndpointProvider outbox) : ISendEndpointProvider
{
    public ConnectHandle ConnectSendObserver(ISendObserver observer) => outbox.ConnectSendObserver(observer);

    public async Task<ISendEndpoint> GetSendEndpoint(Uri address) =>
        address == context.ResponseAddress || address == context.FaultAddress
            ? new OutboxSendEndpoint(new HeldMessages(effects), await context.ReceiveContext.SendEndpointProvider.GetSendEndpoint(address))
            : await outbox.GetSendEndpoint(address);
}

/// <summary>Keeps sends in memory until the commit.</summary>
internal sealed class HeldMessages(MessageEffects effects) : OutboxContext
{
    public Task ClearToSend => Task.CompletedTask;

    public Task Add(Func<Task> method)
    {
        effects.OnCommitted(method);
        return Task.CompletedTask;
    }

    public Task ExecutePendingActions(bool concurrentMessageDelivery) => Task.CompletedTask;

    public Task DiscardPendingActions() => Task.CompletedTask;
}

/// <summary>The bus, asked for only when something is sent: a service may use the mediator alone.</summary>
internal sealed class LazyBus(IServiceProvider scope) : ISendEndpointProvider, IPublishEndpointProvider
{
    private IBus Bus => scope.GetRequiredService<IBus>();

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => Bus.ConnectSendObserver(observer);

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => Bus.ConnectPublishObserver(observer);

    public Task<ISendEndpoint> GetSendEndpoint(Uri address) => Bus.GetSendEndpoint(address);

    public Task<ISendEndpoint> GetPublishSendEndpoint<T>() where T : class => Bus.GetPublishSendEndpoint<T>();
}
