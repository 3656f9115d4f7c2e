using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Resolution;

namespace Aspire.Hosting;

/// <summary>A Kafka broker.</summary>
public class KafkaServerResource : ContainerResource, IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";

    /// <summary>Describes a broker.</summary>
    public KafkaServerResource(string name) : base(name) => PrimaryEndpoint = new EndpointReference(this, PrimaryEndpointName);

    /// <summary>The endpoint for clients.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary><c>host:port</c></summary>
    public ReferenceExpression ConnectionStringExpression => ConnectionStrings.Redirected(this) ??
        ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");

    ValueTask<string?> IResourceWithConnectionString.GetConnectionStringAsync(CancellationToken cancellationToken) =>
        Annotations.OfType<UnavailableAnnotation>().Any() ? ValueTask.FromResult<string?>(null) : ConnectionStringExpression.GetValueAsync(cancellationToken);

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        Annotations.OfType<UnavailableAnnotation>().Any() || ConnectionStrings.Redirected(this) is not null ? [] :
        [
            new("Host", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Host)}")),
            new("Port", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Port)}")),
        ];
}
