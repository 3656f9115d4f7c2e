using System.Globalization;
using Conductor.AppHost.Composition;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Engine = Aspire.Hosting.ApplicationModel.IResourceBuilder<Conductor.AppHost.Engines.EngineResource>;
using Server = Aspire.Hosting.ApplicationModel.IResourceBuilder<Aspire.Hosting.ApplicationModel.IResourceWithConnectionString>;

namespace Conductor.AppHost.Engines;

/// <summary>
/// The engines, each as one of three: an existing server (<c>ConnectionStrings:NAME</c>), a container (<c>--engines container</c>, and in
/// what is published), or a private child process.
/// </summary>
internal static class EngineExtensions
{
    public static Server AddPostgres(this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.IsGiven(name)) return builder.AddExisting(name, PostgresCheck.ProblemAsync);
        if (builder.UsesContainers()) return PostgresBuilderExtensions.AddPostgres(builder, name);
        return builder.AddEngine(name, "postgres.sh",
                (e, secret) => ReferenceExpression.Create($"Host=127.0.0.1;Port={e.Port};Username=postgres;Password={secret}"))
            .WithArguments(e => [e.Folder, e.Port]).WithReadinessOf(PostgresCheck.ProblemAsync);
    }

    public static Server AddDatabase(this Server server, string name) => server switch
    {
        Engine engine => engine.AddEngineDatabase(name),
        IResourceBuilder<PostgresServerResource> container => container.AddDatabase($"{name}-db", name),
        _ => server.AddExistingDatabase(name),
    };

    public static Server AddRabbitMq(this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.IsGiven(name)) return builder.AddExisting(name, RabbitMqCheck.ProblemAsync);
        if (builder.UsesContainers()) return builder.AddRabbitMQ(name);
        var ports = new[] { Ports.Free(), Ports.Free() }.Select(p => p.ToString(CultureInfo.InvariantCulture)).ToArray();
        return builder.AddEngine(name, "rabbitmq.sh", (e, password) => ReferenceExpression.Create($"amqp://guest:{password}@127.0.0.1:{e.Port}"))
            .WithArguments(e => [e.Folder, e.Port, ports[0], ports[1]]).WithReadinessOf(RabbitMqCheck.ProblemAsync);
    }

    /// <summary>Nothing needs Kafka: null where neither <c>ConnectionStrings:NAME</c> nor <c>KAFKA_HOME</c> says where one is.</summary>
    public static Server? AddKafka(this IDistributedApplicationBuilder builder, string name)
    {
        if (builder.IsGiven(name)) return builder.AddExisting(name, ExistingServers.KafkaProblemAsync);
        if (builder.Configuration["KAFKA_HOME"] is not { Length: > 0 } home || builder.ExecutionContext.IsPublishMode) return null;
        var controller = Ports.Free().ToString(CultureInfo.InvariantCulture);
        return builder.AddEngine(name, "kafka.sh", (e, _) => ReferenceExpression.Create($"127.0.0.1:{e.Port}"))
            .WithArguments(e => [Path.GetFullPath(home), e.Folder, e.Port, controller]).WithReadinessOf(ExistingServers.KafkaProblemAsync);
    }

    private static bool UsesContainers(this IDistributedApplicationBuilder builder) =>
        builder.ExecutionContext.IsPublishMode || builder.Configuration["engines"] is "container";

    private static Engine AddEngine(this IDistributedApplicationBuilder builder, string name, string script,
        Func<EngineResource, ParameterResource, ReferenceExpression> connectionString)
    {
        var password = builder.AddKeptSecret($"{name}-password", $"{name}/password").Resource;
        var engine = new EngineResource(name, script, builder.DataPath(name), e => connectionString(e, password));
        return builder.AddResource(engine)
            .WithEndpoint(port: Ports.Free(), scheme: "tcp", name: EngineResource.EndpointName, isProxied: false)
            .WithEndpoint(EngineResource.EndpointName, e => e.TargetHost = "127.0.0.1")
            .OnBeforeResourceStarted(async (_, _, stop) => await password.GetValueAsync(stop));
    }

    private static Engine WithArguments(this Engine engine, Func<EngineResource, object[]> arguments) => engine.WithArgs(arguments(engine.Resource));

    private static Engine WithReadinessOf(this Engine engine, Func<string, CancellationToken, Task<string?>> problem) =>
        engine.WithReadiness(async stop => await problem(await TextAsync(engine.Resource, stop), stop));

    /// <summary>A database that is made, where it is missing, as soon as the server is ready.</summary>
    private static IResourceBuilder<EngineDatabase> AddEngineDatabase(this Engine server, string name)
    {
        var database = new EngineDatabase($"{name}-db", name, server.Resource);
        server.OnResourceReady(async (_, e, stop) =>
        {
            await PostgresCheck.CreateDatabaseAsync(await TextAsync(server.Resource, stop), name, stop);
            // Aspire passes a parent's state on to its children only where it is a container.
            var notifications = e.Services.GetRequiredService<ResourceNotificationService>();
            await notifications.PublishUpdateAsync(database, s => s with { State = KnownResourceStates.Running });
        });
        return server.ApplicationBuilder.AddResource(database)
            .WithInitialState(new() { ResourceType = "PostgresDatabase", Properties = [], State = KnownResourceStates.NotStarted })
            .WithReadiness(async stop => await PostgresCheck.ProblemAsync(await TextAsync(database, stop), stop));
    }

    private static async Task<string> TextAsync(IResourceWithConnectionString of, CancellationToken stop) => (await of.GetConnectionStringAsync(stop))!;
}
