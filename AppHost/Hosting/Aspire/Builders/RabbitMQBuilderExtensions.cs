using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Engines;

namespace Aspire.Hosting;

/// <summary>Adds RabbitMQ.</summary>
public static class RabbitMQBuilderExtensions
{
    /// <summary>Adds a broker: the one that <c>ConnectionStrings:name</c> names, else a private one.</summary>
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(this IDistributedApplicationBuilder builder, string name,
        IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null)
    {
        var server = new RabbitMQServerResource(name, userName?.Resource, password?.Resource ?? EngineParameters.Password(builder, name));
        return EngineParameters.Add(builder, server, RabbitMQServerResource.PrimaryEndpointName, port, 5672)
            .WithImage("rabbitmq", "4.2")
            .WithEnvironment("RABBITMQ_DEFAULT_USER", server.UserNameParameter is { } user ? ReferenceExpression.Create($"{user}") : ReferenceExpression.Create($"guest"))
            .WithEnvironment("RABBITMQ_DEFAULT_PASS", ReferenceExpression.Create($"{server.PasswordParameter}"));
    }

    /// <summary>Keeps a container's data in a volume. A private broker always keeps its data.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(this IResourceBuilder<RabbitMQServerResource> builder, string? name = null, bool isReadOnly = false) =>
        builder.WithVolume(name ?? $"{builder.Resource.Name}-data", "/var/lib/rabbitmq", isReadOnly);

    /// <summary>Keeps a container's data in a folder. A private broker always keeps its data.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithDataBindMount(this IResourceBuilder<RabbitMQServerResource> builder, string source, bool isReadOnly = false) =>
        builder.WithBindMount(source, "/var/lib/rabbitmq", isReadOnly);
}
