using Conductor.Postgres.Outbox;
using MassTransit;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using MassTransit.Transports;

namespace Conductor.Postgres.Tests.Messaging;

/// <summary>Captures what is sent, to be inserted by the test.</summary>
internal sealed class Collected(Shop shop) : OutboxSendContext
{
    public List<OutboxMessage> Messages { get; } = [];

    public IPublishEndpoint Publishing => new PublishEndpoint(new OutboxPublishEndpointProvider(this, shop.Bus));

    public ISendEndpointProvider Sending => new OutboxSendEndpointProvider(this, shop.Bus);

    /// <summary>Commits what is sent in a transaction of its own.</summary>
    public static async Task CommitAsync(Shop shop, Func<Collected, Task> send)
    {
        var collected = new Collected(shop);
        await send(collected);
        await shop.Outbox.SendAsync(collected.Messages, cancellationToken: TestContext.Current.CancellationToken);
    }

    public static async Task<IReadOnlyList<OutboxMessage>> EventsAsync(Shop shop, int count)
    {
        var collected = new Collected(shop);
        for (var i = 0; i < count; i++) await collected.Publishing.Publish(new OrderPlaced(i), TestContext.Current.CancellationToken);
        return collected.Messages;
    }

    public Task AddSend<T>(SendContext<T> context)
        where T : class
    {
        Messages.Add(shop.Outbox.Capture(context));
        return Task.CompletedTask;
    }

    public object? GetService(Type serviceType) => null;
}
