using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Composition;
using Conductor.Hosting.Health;
using Conductor.Hosting.Resolution;

namespace Conductor.Hosting.Engines;

/// <summary>What all engines have in common when they are added.</summary>
internal static class EngineParameters
{
    /// <summary>A password that is made up once per data folder, unless <c>Parameters:name-password</c> gives one.</summary>
    public static ParameterResource Password(IDistributedApplicationBuilder builder, string name) => new($"{name}-password",
        _ => builder.Configuration[$"Parameters:{name}-password"] ?? DataFolder.Of(builder).Secret($"{name}-password", EnginePassword.Make),
        secret: true);

    /// <summary>Adds an engine with its endpoint and a health check, or the server that configuration names in its place.</summary>
    public static IResourceBuilder<T> Add<T>(IDistributedApplicationBuilder builder, T server, string endpoint, int? port, int targetPort)
        where T : ContainerResource, IResourceWithConnectionString
    {
        var added = builder.AddResource(server);
        added.WithHealthCheck(EngineCheck.Register(builder.Services, server));
        if (Redirect(builder, server)) return added;
        if (server is KafkaServerResource && ContainerEngine.IsAskedFor(builder.Configuration, server.Name) is false
            && KafkaEngine.Problem(builder.Configuration["KAFKA_HOME"]) is { } problem)
            server.Annotations.Add(new UnavailableAnnotation(problem));
        server.Annotations.Add(new EndpointAnnotation(ProtocolType.Tcp, name: endpoint, port: port, targetPort: targetPort));
        return added;
    }

    /// <summary>Takes the connection string that configuration has for the resource, if any.</summary>
    public static bool Redirect<T>(IDistributedApplicationBuilder builder, T resource)
        where T : IResourceWithConnectionString
    {
        if (string.IsNullOrEmpty(builder.Configuration[$"ConnectionStrings:{resource.Name}"])) return false;
        var value = new ParameterResource(resource.Name, _ => builder.Configuration[$"ConnectionStrings:{resource.Name}"]!, secret: true);
        resource.Annotations.Add(new ConnectionStringRedirectAnnotation(new ConnectionStringResource(resource.Name, ReferenceExpression.Create($"{value}"))));
        return true;
    }
}
