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
        .AddStreamStores(connectionName)
        .AddMigrations(connectionName, Schema, typeof(PipelineStore).Assembly, PipelineStore.Folder)
        .AddDbContext<TDbContext>((provider, db) => db.UseNpgsql(provider.GetRequiredKeyedService<NpgsqlDataSource>(connectionName)))
        .AddOn(connectionName, source => new PipelineStore(source, Schema));
}
