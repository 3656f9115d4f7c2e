using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.Domain.Streams.Processing;
using Conductor.Postgres.Migrations;
using Conductor.Postgres.Streams;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Conductor.Postgres.Pipelines;

/// <summary>Registers what the pipelines service keeps in PostgreSQL.</summary>
public static class PipelineTables
{
    /// <summary>Schema of the definitions and of the pipelines' sagas.</summary>
    public const string Schema = PipelineStore.DefaultSchema;

    /// <summary>
    /// The definitions, the streams' topics, groups and checkpoints, and a context for the sagas; the tables are created or updated before the
    /// host's services start.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="connectionName">Name of the connection string.</param>
    public static IServiceCollection AddPipelineTables<TDbContext>(this IServiceCollection services, string connectionName)
        where TDbContext : DbContext => services
        .AddMigrations(connectionName, StreamTables.DefaultSchema, typeof(StreamTables).Assembly, StreamTables.Folder)
        .AddMigrations(connectionName, Schema, typeof(PipelineStore).Assembly, PipelineStore.Folder)
        .AddDbContext<TDbContext>((provider, db) => db.UseNpgsql(provider.GetRequiredKeyedService<NpgsqlDataSource>(connectionName)))
        .AddOn(connectionName, source => new PipelineStore(source, Schema))
        .AddOn<ITopicStore>(connectionName, source => new PostgresTopicStore(source, StreamTables.DefaultSchema))
        .AddOn<IGroupStore>(connectionName, source => new PostgresGroupStore(source, StreamTables.DefaultSchema))
        .AddOn<IGroupRuns>(connectionName, source => new PostgresGroupStore(source, StreamTables.DefaultSchema))
        .AddOn<ICheckpointStore>(connectionName, source => new PostgresCheckpointStore(source, StreamTables.DefaultSchema));

    private static IServiceCollection AddOn<T>(this IServiceCollection services, string connectionName, Func<NpgsqlDataSource, T> create)
        where T : class => services.AddSingleton(provider => create(provider.GetRequiredKeyedService<NpgsqlDataSource>(connectionName)));
}
