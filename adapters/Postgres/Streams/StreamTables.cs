using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.Domain.Streams.Processing;
using Conductor.Postgres.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Conductor.Postgres.Streams;

/// <summary>The schema that holds topics, consumer groups and checkpoints.</summary>
public static class StreamTables
{
    /// <summary>Resource folder of the tables, in this assembly.</summary>
    public const string Folder = "Migrations/Streams";

    /// <summary>Name of the schema unless a caller chooses another.</summary>
    public const string DefaultSchema = "streams";

    /// <summary>Creates or updates the tables.</summary>
    public static Task ApplyAsync(NpgsqlDataSource source, SchemaName schema, ILogger? logger = null, CancellationToken cancellationToken = default) =>
        Migrator.ApplyAsync(source, schema, typeof(StreamTables).Assembly, Folder, logger, cancellationToken);

    /// <summary>Registers the stores of a connection string, and what brings their tables to this version at the start.</summary>
    public static IServiceCollection AddStreamStores(this IServiceCollection services, string connectionName) => services
        .AddMigrations(connectionName, DefaultSchema, typeof(StreamTables).Assembly, Folder)
        .AddOn<ITopicStore>(connectionName, source => new PostgresTopicStore(source, DefaultSchema))
        .AddOn<IGroupStore>(connectionName, source => new PostgresGroupStore(source, DefaultSchema))
        .AddOn<IGroupRuns>(connectionName, source => new PostgresGroupStore(source, DefaultSchema))
        .AddOn<ICheckpointStore>(connectionName, source => new PostgresCheckpointStore(source, DefaultSchema));

    /// <summary>Runs something on a connection; what the database cannot do now becomes a <see cref="StreamUnavailableException"/>.</summary>
    internal static async Task<T> UseAsync<T>(this NpgsqlDataSource source, Func<NpgsqlConnection, Task<T>> use, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            return await use(connection);
        }
        catch (NpgsqlException e) when (e is not PostgresException refused || refused.IsTransient || DatabaseOutage.Is(e))
        {
            throw new StreamUnavailableException($"PostgreSQL: {e.Message}", e);
        }
    }
}
