using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Composition;

namespace Aspire.Hosting;

/// <summary>Adds values and connection strings.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a value that is read from <c>Parameters:name</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, _ => Configured(builder, name) ??
            throw new DistributedApplicationException($"The parameter '{name}' has no value: set Parameters:{name}"), secret));

    /// <summary>Adds a value that is read from <c>Parameters:name</c>, else is <paramref name="value"/>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, _ => Configured(builder, name) ?? value, secret));

    /// <summary>Adds a value that is read from <c>Parameters:name</c>, else comes from a default.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Name.</param>
    /// <param name="value">The default.</param>
    /// <param name="secret">Whether the value is never shown.</param>
    /// <param name="persist">Whether a value that was made up is kept for the next run.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddResource(new ParameterResource(name, given => Configured(builder, name) ??
            (persist ? DataFolder.Of(builder).Secret(name, given!.GetDefaultValue) : given!.GetDefaultValue()), secret) { Default = value });

    /// <summary>Adds a connection string that is read from <c>ConnectionStrings:name</c>.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null)
    {
        var value = new ParameterResource(name, _ => builder.Configuration[$"ConnectionStrings:{name}"] ??
            throw new DistributedApplicationException($"The connection string '{name}' has no value: set ConnectionStrings:{name}"), secret: true);
        return builder.AddResource(new ConnectionStringResource(name, ReferenceExpression.Create($"{value}"), environmentVariableName));
    }

    private static string? Configured(IDistributedApplicationBuilder builder, string name) => builder.Configuration[$"Parameters:{name}"];
}
