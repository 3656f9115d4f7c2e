using MassTransit;
using MassTransit.DependencyInjection;
using MassTransit.Middleware;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Conductor.Postgres.Outbox.Bus;

/// <summary>Chooses what <c>IPublishEndpoint</c>, <c>ISendEndpointProvider</c> and request clients of a scope are.</summary>
internal sealed class ScopedOutboxBusProvider<TBus, TDbContext> : IScopedBusContextProvider<TBus>, IDisposable
    where TBus : class, IBus
    where TDbContext : DbContext
{
    private readonly TDbContext _db;
    private readonly ILogger _logger;

    public ScopedOutboxBusProvider(TBus bus, TDbContext db, MessageOutbox outbox, Bind<TBus, IClientFactory> clients,
        Bind<TBus, IScopedConsumeContextProvider> ofBus, IScopedConsumeContextProvider ofScope, IServiceProvider provider, ILogger<ScopedOutboxBusProvider<TBus, TDbContext>> logger)
    {
        (_db, _logger) = (db, logger);
        if (ofBus.Value.HasContext) Context = new ConsumeContextScopedBusContext(ofBus.Value.GetContext(), clients.Value);
        else if (ofScope.HasContext)
        {
            var consuming = ofScope.GetContext();
            var plain = new ConsumeContextScopedBusContext<TBus>(bus, consuming, clients.Value, provider);
            Context = consuming.TryGetPayload(out OutboxSendContext? send) ? new RiderOutboxBus(bus, consuming, send, plain, provider) : plain;
        }
        else Context = new ScopedOutboxBus(bus, db, outbox, clients.Value, provider);
    }

    public ScopedBusContext Context { get; }

    public void Dispose()
    {
        if (PendingMessages.Find(_db) is { Count: > 0 } pending) OutboxLog.Unsaved(_logger, pending.Count);
    }
}
