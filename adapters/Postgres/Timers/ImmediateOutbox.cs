using Conductor.Postgres.Outbox;
using MassTransit;
using MassTransit.Middleware;

namespace Conductor.Postgres.Timers;

/// <summary>An outbox that commits each message by itself.</summary>
internal sealed class ImmediateOutbox(MessageOutbox outbox) : OutboxSendContext
{
    public Task AddSend<T>(SendContext<T> context)
        where T : class => outbox.SendAsync([outbox.Capture(context)], cancellationToken: context.CancellationToken);

    public object? GetService(Type serviceType) => null;
}
