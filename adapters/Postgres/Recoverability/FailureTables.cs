using Conductor.Postgres.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Conductor.Postgres.Recoverability;

/// <summary>Registers what the operations service keeps in PostgreSQL.</summary>
public static class FailureTables
{
    /// <summary>Schema of the failures and of their retries.</summary>
    public const string Schema = "recoverability";

    private const string Folder = "Migrations/Recoverability";

    /// <summary>The stores; their tables are created or updated before the host's services start.</summary>
    /// <param name="services">The services.</param>
    /// <param name="connectionName">Name of the connection string.</param>
    public static IServiceCollection AddFailureTables(this IServiceCollection services, string connectionName) => services
        .AddMigrations(connectionName, Schema, typeof(FailureTables).Assembly, Folder)
        .AddOn(connectionName, source => new FailureStore(source, Schema))
        .AddOn(connectionName, source => new FailureReads(source, Schema))
        .AddOn(connectionName, source => new RetryStore(source, Schema));

    /// <summary>Creates or updates the tables.</summary>
    public static Task ApplyAsync(NpgsqlDataSource source, SchemaName schema, ILogger? logger = null, CancellationToken cancellationToken = default) =>
        Migrator.ApplyAsync(source, schema, typeof(FailureTables).Assembly, Folder, logger, cancellationToken);
}
