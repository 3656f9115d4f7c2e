using Conductor.Postgres.Inbox;
using Conductor.Postgres.Timers;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;
using MassTransit.Middleware;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Conductor.Postgres.Outbox;

/// <summary>Puts inbox, outbox and timers into MassTransit.</summary>
public static class PostgresOutboxExtensions
{
    /// <summary>
    /// Keeps what consumers of this bus send in the database of a DbContext until its changes are committed. Endpoints take part by
    /// <see cref="UsePostgresOutbox{TDbContext}"/>. Calling it for several DbContexts on the same database gives each its consumers.
    /// </summary>
    /// <param name="bus">The bus.</param>
    /// <param name="configure">The options, shared by all DbContexts of the process.</param>
    public static void AddPostgresOutbox<TDbContext>(this IBusRegistrationConfigurator bus, Action<OutboxOptions> configure)
        where TDbContext : DbContext
    {
        bus.AddMessageOutbox(configure);
        bus.TryAddScoped<IOutboxContextFactory<TDbContext>, ConsumerOutbox<TDbContext>>();
    }

    /// <summary>
    /// Consumers and sagas of an endpoint consume each message in one transaction of the DbContext, once, and what they send leaves
    /// after the commit. While the database cannot be reached they wait (<see cref="UsePostgresOutages"/>). Call it after
    /// <c>UseScheduledRedelivery</c> and <c>UseMessageRetry</c>: a retry must begin a new transaction.
    /// </summary>
    public static void UsePostgresOutbox<TDbContext>(this IReceiveEndpointConfigurator endpoint, IRegistrationContext context)
        where TDbContext : DbContext
    {
        endpoint.UsePostgresOutages();
        var observer = new OutboxConsumePipeSpecificationObserver<TDbContext>(endpoint, context);
        endpoint.ConnectConsumerConfigurationObserver(observer);
        endpoint.ConnectSagaConfigurationObserver(observer);
    }

    /// <summary>What a service on a database wants of its bus: <see cref="UsePostgresOutages"/> and <see cref="UsePostgresTimers"/>.</summary>
    public static void UsePostgres(IServiceProvider provider, IConsumePipeConfigurator bus)
    {
        bus.UsePostgresOutages();
        bus.UsePostgresTimers(provider);
    }

    /// <summary>
    /// While the database cannot be reached, messages stay where they are: each one being consumed is tried again every second, for
    /// hours, instead of going to where errors go. On the bus it is around the retries of its queues, and of no topic.
    /// </summary>
    public static void UsePostgresOutages(this IConsumePipeConfigurator bus) => bus.UseMessageRetry(retry =>
    {
        retry.Handle<Exception>(DatabaseOutage.Is);
        retry.Interval(20_000, TimeSpan.FromSeconds(1));
    });

    /// <summary>
    /// Scheduled messages of every consumer and saga of the bus (<c>Schedule</c>, <c>ScheduleSend</c>, <c>UseScheduledRedelivery</c>) wait
    /// in the outbox. No plugin of the broker is needed.
    /// </summary>
    public static void UsePostgresTimers(this IConsumePipeConfigurator bus, IServiceProvider provider) =>
        bus.AddPrePipeSpecification(new TimerSpecification(provider.GetRequiredService<MessageOutbox>()));
}
