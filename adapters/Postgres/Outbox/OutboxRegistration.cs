using Conductor.Postgres.Migrations;
using Conductor.Postgres.Outbox.Delivery;
using Conductor.Postgres.Supervision;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace Conductor.Postgres.Outbox;

/// <summary>Registers the inbox and outbox of a service.</summary>
public static class OutboxRegistration
{
    /// <summary>
    /// Registers <see cref="MessageOutbox"/> and <see cref="PoisonMessages"/>, the delivery, and the upkeep of the inbox, with their
    /// migrations. A process has one of them; calling this again only changes the options.
    /// </summary>
    public static IServiceCollection AddMessageOutbox(this IServiceCollection services, Action<OutboxOptions> configure)
    {
        var options = services.Select(s => s.ImplementationInstance).OfType<OutboxOptions>().SingleOrDefault();
        if (options is not null)
        {
            configure(options);
            return services;
        }
        options = new();
        configure(options);
        services.AddSingleton(options);
        services.AddMigrations(options.ConnectionName, options.Schema, typeof(OutboxRegistration).Assembly, Migrator.Messaging);
        services.TryAddSingleton(TimeProvider.System);
        services.AddBackgroundLoops();
        services.TryAddSingleton<Removals>();
        services.AddSingleton(provider => new MessageOutbox(
            options, Source(provider), provider.GetRequiredService<TimeProvider>(), provider.GetService<OutboxDelivery>));
        services.AddSingleton(provider => new PoisonMessages(Source(provider), options.Schema, () => provider.GetService<OutboxDelivery>()?.Wake()));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<OutboxUpkeep>(provider, Source(provider)));
        services.AddHostedService(provider => provider.GetRequiredService<OutboxUpkeep>());
        return options.Deliver ? services.AddDelivery() : services;
    }

    private static IServiceCollection AddDelivery(this IServiceCollection services) => services
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<OutboxClaims>(provider, Source(provider)))
        .AddSingleton(provider => ActivatorUtilities.CreateInstance<OutboxSettlements>(provider, Source(provider)))
        .AddSingleton<OutboxSender>()
        .AddSingleton<OutboxDispatcher>()
        .AddSingleton<OutboxDelivery>()
        .AddHostedService(provider => provider.GetRequiredService<OutboxDelivery>());

    private static NpgsqlDataSource Source(IServiceProvider provider) =>
        provider.GetRequiredKeyedService<NpgsqlDataSource>(provider.GetRequiredService<OutboxOptions>().ConnectionName);
}
