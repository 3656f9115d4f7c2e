using Conductor.Brokers;
using Conductor.Brokers.Events;
using Conductor.Contracts.Workflows;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Files.Archives;
using Conductor.Postgres;
using Conductor.Postgres.Outbox;
using Conductor.Postgres.Sagas.GroupCommit;
using Conductor.Postgres.Streams;
using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows;
using Conductor.Sagas.Workflow;
using Conductor.Scripting.JavaScript;
using Conductor.Scripting.JsonPath;
using Conductor.ServiceDefaults.Changes;
using Conductor.ServiceDefaults.Messaging;
using Conductor.Workflows.Answers;
using Conductor.Workflows.Definitions;
using Conductor.Workflows.Executions;
using Conductor.Workflows.Messaging;
using Conductor.Workflows.Metrics;
using Conductor.Workflows.Publication;
using Conductor.Workflows.Retention;
using Conductor.Workflows.Sagas;
using Conductor.Workflows.Tasks;
using MassTransit;

namespace Conductor.Workflows;

/// <summary>What the service is made of.</summary>
internal static class WorkflowsService
{
    private const string Database = "workflows";
    private const string Streams = "streams";

    /// <summary>The service, ready to run; arguments are configuration (<c>--ConnectionStrings:workflows=…</c>).</summary>
    public static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        // Goes before the writers of the defaults.
        builder.Services.AddSingleton<IProblemDetailsWriter, ConductorProblemWriter>();
        builder.AddServiceDefaults();
        AddWorkflows(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapChangeFeed("/events");
        MapWorkflowsApi(app);
        return app;
    }

    private static void AddWorkflows(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddPostgresHealth(Database);
        AddRetention(builder);
        services.AddWorkflowTables(Database);
        services.AddSingleton<IPathQuery, JsonPathQuery>();
        services.AddSingleton(builder.Configuration.GetSection("Scripts").Get<ScriptLimits>() ?? new());
        services.AddSingleton<IScriptEvaluator, JavaScriptEvaluator>().AddSingleton<ScriptWaits>().AddSingleton<RegistrationRules>();
        services.AddSingleton<DefinitionCatalog>().AddSingleton<IWorkflowCatalog>(p => p.GetRequiredService<DefinitionCatalog>());
        services.AddSingleton<WorkflowDecisions>().AddSingleton<WorkflowCommands>().AddSingleton<TaskQueues>().AddSingleton<AnnouncedWorkers>();
        services.AddSingleton<CorrelatedReads>();
        services.AddBackgroundLoops().AddSingleton<Alarm>().AddSingleton<TypeLimits>().AddSingleton<ExecutionMessages>().AddSingleton<IdempotentStarts>();
        services.AddSingleton<HandOuts>().AddSingleton<ExecutionCache>().AddSingleton<CommitEffects>().AddSingleton<WorkflowEvents>();
        services.AddSagaEvents<WorkflowSaga, WorkflowState, WorkflowSagaStore>();
        // Hand-outs are events, and events hand out: one of them comes later.
        services.AddSingleton(p => new Lazy<ExecutionMessages>(p.GetRequiredService<ExecutionMessages>));
        var events = AddPublication(builder);
        builder.AddBus(
            x =>
            {
                if (events is not null) x.AddEvents<ExecutionChanged>(events);
                x.AddConsumer<TaskMessagesConsumer, TaskMessagesConsumerDefinition>();
                x.AddConsumer<WorkflowCommandsConsumer, WorkflowCommandsConsumerDefinition>();
            },
            options: o => (o.Scheduler, o.IsOutage) = (PostgresOutboxExtensions.UsePostgres, DatabaseOutage.Is));
        services.AddSingleton<WorkflowMetrics>().AddHostedService<WorkflowGauges>();
        AddBackground<LiveServers>(services);
        AddBackground<QueueLoader>(services);
        AddBackground<TaskSearch>(services);
        AddBackground<PollLog>(services);
        AddBackground<DueWork>(services);
        AddBackground<BusDispatch>(services);
        AddBackground<NotificationListener>(services);
        AddBackground<ExecutionRetention>(services);
        AddBackground<OldRowsUpkeep>(services);
    }

    // Topics on RabbitMQ are known to a database that the services share.
    private static string? AddPublication(WebApplicationBuilder builder)
    {
        var services = builder.Services.AddSingleton<CommitSignal>();
        if (!string.IsNullOrEmpty(builder.Configuration.GetConnectionString(Streams))) services.AddStreamStores(Streams);
        var events = builder.EventBroker();
        if (events is null)
        {
            AddBackground<NoPublication>(services);
            return null;
        }
        builder.AddStreamBrokers(Database, _ => (events, TimeSpan.FromSeconds(10)));
        AddBackground<ExecutionPublisher>(services);
        return events;
    }

    private static void AddRetention(WebApplicationBuilder builder)
    {
        var (services, retention) = (builder.Services, RetentionOptions.Of(builder.Configuration, builder.Environment.ContentRootPath));
        services.AddMessageOutbox(o =>
        {
            (o.ConnectionName, o.Schema) = (Database, WorkflowTables.Schema);
            (o.Retention, o.Forgets, o.ForgetsSetting) = (retention.Inbox.Period, retention.Inbox.Enabled, "Retention:Inbox:Enabled");
        });
        services.AddSingleton(retention).AddSingleton(new ArchiveFolder(retention.Folder!)).AddSingleton<SetAside>();
        services.AddSingleton<ExecutionArchive>().AddSingleton<ExecutionRemovals>().AddHostedService<RetentionMetrics>();
    }

    private static void MapWorkflowsApi(WebApplication app)
    {
        var api = app.MapGroup("/api").AddEndpointFilter(new ConductorErrorFilter());
        api.MapWorkflowDefinitions();
        api.MapTaskDefinitions();
        api.MapStarts();
        api.MapReads();
        api.MapCorrelated();
        api.MapSearch();
        api.MapLifecycle();
        api.MapTasks();
        api.MapPolls();
        api.MapUpdates();
        api.MapRetention();
        api.MapArchive();
        var healthy = new { healthResults = Array.Empty<string>(), suppressedHealthResults = Array.Empty<string>(), healthy = true };
        api.MapGet("/health", () => Results.Json(healthy, Answer.Json)).WithTags("Admin");
        api.MapGet("/version", () => Results.Text(typeof(WorkflowsService).Assembly.GetName().Version!.ToString(3))).WithTags("Admin");
    }

    private static void AddBackground<T>(IServiceCollection services)
        where T : class, IHostedService => services.AddSingleton<T>().AddHostedService(p => p.GetRequiredService<T>());
}
