using MassTransit;
using MassTransit.Clients;
using MassTransit.DependencyInjection;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using MassTransit.Transports;
using Microsoft.EntityFrameworkCore;

namespace Conductor.Postgres.Outbox.Bus;

/// <summary>The bus in a scope without a consumed message: what is sent leaves once the DbContext of the scope has saved its changes.</summary>
internal sealed class ScopedOutboxBus(IBus bus, DbContext db, MessageOutbox outbox, IClientFactory clients, IServiceProvider provider) : ScopedBusContext, OutboxSendContext
{
    public ISendEndpointProvider SendEndpointProvider => field ??= new OutboxSendEndpointProvider(this, new InProcessEndpoints(bus, provider));

    public IPublishEndpoint PublishEndpoint => field ??= new PublishEndpoint(new OutboxPublishEndpointProvider(this, bus));

    // A request waits for its answer now: it cannot wait for a commit.
    public IScopedClientFactory ClientFactory => field ??= new ScopedClientFactory(new ClientFactory(new ScopedClientFactoryContext(clients, provider)), null);

    public async Task AddSend<T>(SendContext<T> context)
        where T : class
    {
        var pending = PendingMessages.Of(db);
        pending.Add(outbox.Capture(context));
        // Sent by another interceptor, after ours had found nothing to do.
        if (pending.Saving) await OutboxSaveInterceptor.BeginAsync(db, pending, context.CancellationToken);
    }

    public object? GetService(Type serviceType) => provider.GetService(serviceType);
}
