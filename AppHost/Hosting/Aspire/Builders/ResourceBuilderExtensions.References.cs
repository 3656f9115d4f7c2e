using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Resolution;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Gives a connection string: <c>ConnectionStrings__name</c>, and its parts as <c>NAME_PROPERTY</c>.</summary>
    /// <param name="builder">Who gets it.</param>
    /// <param name="source">Whose connection string.</param>
    /// <param name="connectionName">Name of the connection string; that of the resource when null.</param>
    /// <param name="optional">Whether it may be missing.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment => builder
            .WithAnnotation(new ResourceRelationshipAnnotation(source.Resource, "Reference"))
            .WithEnvironment(context => ReferenceVariables.AddConnectionString(context.EnvironmentVariables, source.Resource, connectionName, optional));

    /// <summary>Gives the addresses of a project for service discovery: <c>services__name__scheme__n</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment => builder
            .WithAnnotation(new ResourceRelationshipAnnotation(source.Resource, "Reference"))
            .WithEnvironment(context => ReferenceVariables.AddEndpoints(context.EnvironmentVariables, source.Resource));

    /// <summary>Gives the address of one endpoint for service discovery.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment => builder
            .WithAnnotation(new ResourceRelationshipAnnotation(endpointReference.Resource, "Reference"))
            .WithEnvironment(context => ReferenceVariables.AddEndpoint(context.EnvironmentVariables, endpointReference.Resource.Name, endpointReference.EndpointAnnotation, endpointReference));

    /// <summary>Gives the address of a service outside this application for service discovery.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, string name, Uri uri)
        where TDestination : IResourceWithEnvironment
    {
        if (!uri.IsAbsoluteUri) throw new InvalidOperationException($"The address of '{name}' must be absolute");
        return builder.WithEnvironment($"services__{name}__default__0", uri.ToString());
    }
}
