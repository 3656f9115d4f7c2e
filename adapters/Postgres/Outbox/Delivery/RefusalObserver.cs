using MassTransit;

namespace Conductor.Postgres.Outbox.Delivery;

/// <summary>Hears why an attempt of MassTransit failed, which it would repeat without end, and ends it unless the broker is merely out of reach.</summary>
internal sealed class RefusalObserver : ISendObserver
{
    public Task PreSend<T>(SendContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PostSend<T>(SendContext<T> context)
        where T : class => Task.CompletedTask;

    public Task SendFault<T>(SendContext<T> context, Exception exception)
        where T : class
    {
        if (!SendFailure.IsOutage(exception) && context.TryGetPayload(out StoredMessagePipe? message)) message.Refuse(exception);
        return Task.CompletedTask;
    }
}
