using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Conductor.Postgres.Migrations;

/// <summary>Registers a service's database and its migrations.</summary>
public static class MigrationRegistration
{
    /// <summary>
    /// Registers the data source of a connection string (<c>ConnectionStrings:NAME</c>), keyed by its name, and the first one also
    /// without a key. Calling it again for the same name changes nothing.
    /// </summary>
    public static IServiceCollection AddPostgres(this IServiceCollection services, string connectionName)
    {
        services.TryAddKeyedSingleton(connectionName, (provider, _) => Create(provider, connectionName));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<NpgsqlDataSource>(connectionName));
        return services;
    }

    /// <summary>Applies a folder of migrations before any hosted service starts; folders are applied in the order of these calls.</summary>
    /// <inheritdoc cref="Migrator.ApplyAsync" path="/param" />
    /// <param name="services">The services.</param>
    /// <param name="connectionName">Name of the connection string.</param>
    /// <param name="schema">Created if it does not exist.</param>
    public static IServiceCollection AddMigrations(
        this IServiceCollection services, string connectionName, SchemaName schema, Assembly assembly, string resourceFolder)
    {
        services.AddPostgres(connectionName);
        return services.AddSingleton<IHostedService>(provider => new MigrationService(
            provider.GetRequiredKeyedService<NpgsqlDataSource>(connectionName), schema, assembly, resourceFolder,
            provider.GetRequiredService<ILogger<MigrationService>>()));
    }

    /// <summary>Registers what works on the database of a connection string.</summary>
    internal static IServiceCollection AddOn<T>(this IServiceCollection services, string connectionName, Func<NpgsqlDataSource, T> create)
        where T : class => services.AddSingleton(provider => create(provider.GetRequiredKeyedService<NpgsqlDataSource>(connectionName)));

    private static NpgsqlDataSource Create(IServiceProvider provider, string name)
    {
        var connectionString = provider.GetRequiredService<IConfiguration>().GetConnectionString(name)
            ?? throw new InvalidOperationException($"ConnectionStrings:{name} is not set");
        return new NpgsqlDataSourceBuilder(Prepared(WithKeepAlive(connectionString)))
            .UseLoggerFactory(provider.GetService<ILoggerFactory>())
            .ConfigureTracing(tracing => tracing.ConfigureCommandFilter(_ => IsTraced()).ConfigureBatchFilter(_ => IsTraced()))
            .Build();
    }

    // Npgsql puts the text of a span together before it asks whether anybody records it.
    private static bool IsTraced() => Activity.Current is { Recorded: true };

    // Statements are parsed and planned once for each connection, and a connection is not reset when it goes back: nothing leaves a setting behind.
    private static string Prepared(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { NoResetOnClose = true };
        if (!builder.ContainsKey("Max Auto Prepare")) (builder.MaxAutoPrepare, builder.AutoPrepareMinUsages) = (100, 2);
        return builder.ConnectionString;
    }

    // A connection whose other side has gone without a word is noticed by the kernel after 30 s, instead of the two hours that it has by itself.
    private static string WithKeepAlive(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (!builder.ContainsKey("Tcp Keepalive")) (builder.TcpKeepAlive, builder.TcpKeepAliveTime, builder.TcpKeepAliveInterval) = (true, 15, 5);
        return builder.ConnectionString;
    }
}

/// <summary>Applies one folder of migrations while the host is starting, before its hosted services start.</summary>
internal sealed class MigrationService(
    NpgsqlDataSource source, SchemaName schema, Assembly assembly, string folder, ILogger<MigrationService> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Migrator.ApplyAsync(source, schema, assembly, folder, logger, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
