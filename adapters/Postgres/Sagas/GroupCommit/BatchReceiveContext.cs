using MassTransit;
using MassTransit.Context;
using MassTransit.Middleware.Outbox;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>
/// The receive context that a saga sees: whatever it sends goes to the outbox. A message from the mediator sends to the bus, except
/// answers to the mediator itself, which wait in memory for the commit.
/// </summary>
internal sealed class BatchReceiveContext : ReceiveContextProxy
{
    public BatchReceiveContext(ConsumeContext context, MessageEffects effects, IServiceProvider scope) : base(context.ReceiveContext)
    {
        var sends = new SagaSends(effects, scope);
        if (Mediation.IsMediated(context))
        {
            SendEndpointProvider = new MediatedSendEndpointProvider(context, effects, scope);
            PublishEndpointProvider = new OutboxPublishEndpointProvider(sends, new LazyBus(scope));
        }
        else
        {
            SendEndpointProvider = new OutboxSendEndpointProvider(sends, context.ReceiveContext.SendEndpointProvider);
            PublishEndpointProvider = new OutboxPublishEndpointProvider(sends, context.ReceiveContext.PublishEndpointProvider);
        }
    }

    public override ISendEndpointProvider SendEndpointProvider { get; }

    public override IPublishEndpointProvider PublishEndpointProvider { get; }
}
