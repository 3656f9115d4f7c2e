using MassTransit;
using MassTransit.Context;
using MassTransit.Middleware.Outbox;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>
/// The receive context that a saga sees: whatever it sends goes to the outbox. A message from the mediator sends to the bus, except
/// answers to the mediator itself, which wait in memory for the commit.
/// </summary>
internal sealed class BatchReceiveContext : ReceiveContextProxy
{
    // The mediator hands objects over as they are, under a content type of its own.
    private const string MediatedContent = "application/vnd.masstransit+obj";

    public BatchReceiveContext(ConsumeContext context, MessageEffects effects, IServiceProvider scope) : base(context.ReceiveContext)
    {
        var isMediated = IsMediated(context);
        var bus = isMediated ? scope.GetRequiredService<IBus>() : null;
        SendEndpointProvider = isMediated
            ? new MediatedSendEndpointProvider(context, effects, bus!)
            : new OutboxSendEndpointProvider(effects, context.ReceiveContext.SendEndpointProvider);
        PublishEndpointProvider = new OutboxPublishEndpointProvider(effects, isMediated ? bus! : context.ReceiveContext.PublishEndpointProvider);
    }

    public override ISendEndpointProvider SendEndpointProvider { get; }

    public override IPublishEndpointProvider PublishEndpointProvider { get; }

    /// <summary>Whether a message came through MassTransit's in-process mediator instead of a broker.</summary>
    public static bool IsMediated(ConsumeContext context) => context.ReceiveContext.ContentType?.MediaType == MediatedContent;
}
