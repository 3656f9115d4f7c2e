using Conductor.Brokers;
using Conductor.Brokers.Events;
using Conductor.Contracts.Pipelines;
using Conductor.Pipelines.Api;
using Conductor.Pipelines.Definitions;
using Conductor.Pipelines.Provisioning;
using Conductor.Pipelines.Runtime;
using Conductor.Pipelines.Storage;
using Conductor.Pipelines.Topics;
using Conductor.Postgres;
using Conductor.Postgres.Outbox;
using Conductor.Postgres.Pipelines;
using Conductor.Postgres.Supervision;
using Conductor.Postgres.Sagas.EntityFramework;
using Conductor.Sagas.Pipeline;
using Conductor.ServiceDefaults.Messaging;
using MassTransit;
using Microsoft.Extensions.Options;

namespace Conductor.Pipelines;

/// <summary>Puts the service together.</summary>
internal static class PipelinesRegistration
{
    private const string Database = "pipelines";

    public static void AddPipelines(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<PipelineOptions>().BindConfiguration("Pipelines");
        services.AddPipelineTables<PipelinesDbContext>(Database);
        builder.AddStreamBrokers(Database, provider =>
        {
            var options = provider.GetRequiredService<IOptions<PipelineOptions>>().Value;
            return (options.Broker, options.Lease);
        });
        services.AddSingleton<StoredDefinitions>();
        services.AddSingleton<PipelineRuns>();
        services.AddSingleton<PipelineMetrics>();
        services.AddSingleton<NodeFactory>();
        services.AddSingleton<PipelineViews>();
        services.AddSingleton<TopicMeasurements>();
        services.AddSingleton<RegistrationChecks>();
        services.AddSingleton<PipelineRemoval>();
        services.AddHealthChecks().AddCheck<PipelineHealth>("pipelines");
        builder.AddPostgresHealth(Database);
        var events = builder.EventBroker();
        builder.AddPipelineBus(events);
        services.AddBackgroundLoops();
        services.AddHostedService<PipelineSupervisor>();
        services.AddHostedService<StatusSampler>();
        if (events is not null) services.AddHostedService<CountPublisher>();
    }

    private static void AddPipelineBus(this WebApplicationBuilder builder, string? events) => builder.AddBus(
        bus =>
        {
            bus.AddPostgresOutbox<PipelinesDbContext>(outbox => (outbox.ConnectionName, outbox.Schema) = (Database, PipelineTables.Schema));
            bus.AddSagaStateMachine<PipelineSaga, PipelineState, PipelineSagaDefinition>().PostgresRepository<PipelineState, PipelinesDbContext>();
            bus.AddConsumer<ProvisionPipelineConsumer>();
            if (events is not null) bus.AddEvents<PipelineCounted>(events);
            bus.AddConfigureEndpointsCallback((context, _, endpoint) => endpoint.UsePostgresOutbox<PipelinesDbContext>(context));
        },
        options: options => (options.Scheduler, options.IsOutage) = (PostgresOutboxExtensions.UsePostgres, DatabaseOutage.Is));
}
