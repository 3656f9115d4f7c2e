using Conductor.ServiceDefaults.Servers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// The servers that a service cannot work without. <c>/health</c> is 503 with the cause within 3 s when one cannot be used (<c>/alive</c>
/// does not ask them), and their outages are logged once for the whole service: a line at the start, one a minute, one at the end.
/// </summary>
public static class ServerExtensions
{
    /// <summary>Checks the PostgreSQL of <c>ConnectionStrings:NAME</c> under the name <c>postgres</c>.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="connectionName">The connection string's name.</param>
    public static IHostApplicationBuilder AddPostgresHealth(this IHostApplicationBuilder builder, string connectionName) =>
        builder.AddServer("postgres", () => new PostgresProbe(Text(builder.Configuration, connectionName)));

    /// <summary>Checks the RabbitMQ of <c>ConnectionStrings:rabbitmq</c> under the name <c>rabbitmq</c>; part of <c>AddBus</c>.</summary>
    /// <param name="builder">The service.</param>
    public static IHostApplicationBuilder AddRabbitMqHealth(this IHostApplicationBuilder builder) =>
        builder.AddServer("rabbitmq", () => new RabbitMqProbe(new Uri(Text(builder.Configuration, "rabbitmq")), builder.Environment.ApplicationName));

    /// <summary>Checks a server that parts of the service work without: while it is away, the service is degraded.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="name">Name of the check.</param>
    /// <param name="probe">What is asked.</param>
    public static IHostApplicationBuilder AddServerHealth(this IHostApplicationBuilder builder, string name, Func<IServiceProvider, ServerProbe> probe) =>
        builder.AddServer(name, probe, HealthStatus.Degraded);

    /// <summary>Lets an exception of the service's own tell that a server may be out of reach, as those of its clients do.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="name">Name of the server's check.</param>
    /// <param name="isSign">Whether an exception, or what it wraps, is one.</param>
    public static IHostApplicationBuilder AddServerOutage(this IHostApplicationBuilder builder, string name, Func<Exception, bool> isSign)
    {
        builder.Services.AddKeyedSingleton(name, new OutageSign(exception => Causes.Of(exception).Any(isSign)));
        return builder;
    }

    private static IHostApplicationBuilder AddServer(this IHostApplicationBuilder builder, string name, Func<IServerProbe> probe) =>
        builder.AddServer(name, _ => probe(), HealthStatus.Unhealthy);

    private static IHostApplicationBuilder AddServer(
        this IHostApplicationBuilder builder, string name, Func<IServiceProvider, IServerProbe> probe, HealthStatus away)
    {
        var services = builder.Services;
        if (services.Any(service => service.IsKeyedService && Equals(service.ServiceKey, name) && service.ServiceType == typeof(ServerWatch))) return builder;
        // The bus can be had without the other defaults.
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Outages>();
        services.AddKeyedSingleton(name, (all, _) => probe(all));
        services.AddKeyedSingleton(name, (all, _) => ActivatorUtilities.CreateInstance<ServerWatch>(
            all, all.GetRequiredKeyedService<IServerProbe>(name), all.GetKeyedServices<OutageSign>(name)));
        services.AddSingleton(all => all.GetRequiredKeyedService<ServerWatch>(name));
        services.AddHealthChecks().Add(
            new HealthCheckRegistration(name, all => all.GetRequiredKeyedService<ServerWatch>(name), away, tags: null));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, Outages.Start>());
        return builder;
    }

    private static string Text(IConfiguration configuration, string name) =>
        configuration.GetConnectionString(name) ?? throw new InvalidOperationException($"ConnectionStrings:{name} is not configured");
}
