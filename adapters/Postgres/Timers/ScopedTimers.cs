using Conductor.Postgres.Outbox.Bus;
using MassTransit;
using MassTransit.DependencyInjection;
using MassTransit.Scheduling;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Postgres.Timers;

/// <summary>The scheduler of a scope: of the consumed message where there is one, else of the DbContext that the scope saves.</summary>
internal static class ScopedTimers
{
    public static IMessageScheduler Create<TDbContext>(IServiceProvider provider)
        where TDbContext : DbContext
    {
        var consuming = provider.GetRequiredService<IScopedConsumeContextProvider>();
        if (consuming.HasContext && consuming.GetContext().TryGetPayload(out MessageSchedulerContext? scheduler)) return scheduler;
        var pending = PendingMessages.Of(provider.GetRequiredService<TDbContext>());
        var timers = new OutboxTimers(provider.GetRequiredService<ISendEndpointProvider>(), (token, _) =>
        {
            pending.Cancel(token);
            return Task.CompletedTask;
        });
        return new MessageScheduler(timers, provider.GetRequiredService<IBus>().Topology);
    }
}
