using Conductor.Postgres.Migrations;
using Conductor.Postgres.Workflows.Publication;
using Conductor.Postgres.Workflows.Retention;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>Registers the tables of workflows.</summary>
public static class WorkflowTables
{
    /// <summary>Schema of the tables.</summary>
    public const string Schema = "workflows";

    /// <summary>Registers the operations on the tables, and what brings the tables to this version at the start.</summary>
    /// <param name="services">The service; it has an outbox.</param>
    /// <param name="connectionName">Name of the connection string.</param>
    public static IServiceCollection AddWorkflowTables(this IServiceCollection services, string connectionName) => services
        .AddMigrations(connectionName, Schema, typeof(WorkflowTables).Assembly, "Workflows/Migrations")
        .AddOn<DefinitionTables>(connectionName).AddOn<WorkflowSearch>(connectionName).AddOn<ExecutionReads>(connectionName)
        .AddOn<TaskReads>(connectionName).AddOn<TaskQueueTable>(connectionName).AddOn<CountedTasks>(connectionName).AddOn<Servers>(connectionName)
        .AddOn<DueTimes>(connectionName)
        .AddOn<PollData>(connectionName).AddOn<BusWorkerTable>(connectionName).AddOn<Notifications>(connectionName)
        .AddOn<WorkflowFigures>(connectionName).AddOn<IdempotencyKeys>(connectionName)
        .AddOn<EndedExecutions>(connectionName).AddOn<OldRows>(connectionName).AddOn<HistoryPublication>(connectionName);

    private static IServiceCollection AddOn<T>(this IServiceCollection services, string connectionName)
        where T : class => services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<T>(provider, provider.GetRequiredKeyedService<NpgsqlDataSource>(connectionName)));
}
