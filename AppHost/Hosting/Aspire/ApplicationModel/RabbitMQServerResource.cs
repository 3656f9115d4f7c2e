using Conductor.Hosting.Resolution;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A RabbitMQ broker.</summary>
public class RabbitMQServerResource : ContainerResource, IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";

    /// <summary>Describes a broker.</summary>
    public RabbitMQServerResource(string name, ParameterResource? userName, ParameterResource password) : base(name)
    {
        (UserNameParameter, PasswordParameter) = (userName, password);
        PrimaryEndpoint = new EndpointReference(this, PrimaryEndpointName);
    }

    /// <summary>The AMQP endpoint.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>User; <c>guest</c> when null.</summary>
    public ParameterResource? UserNameParameter { get; }

    /// <summary>The user's password.</summary>
    public ParameterResource PasswordParameter { get; }

    /// <summary><c>amqp://user:password@host:port</c></summary>
    public ReferenceExpression ConnectionStringExpression => ConnectionStrings.Redirected(this) ?? ReferenceExpression.Create(
        $"amqp://{User}:{new UriEncoded(PasswordParameter)}@{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");

    private ReferenceExpression User => UserNameParameter is null ? ReferenceExpression.Create($"guest") : ReferenceExpression.Create($"{UserNameParameter}");

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
        ConnectionStrings.Redirected(this) is { } given ? ConnectionStrings.UriProperties(given) :
        [
            new("Host", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Host)}")),
            new("Port", ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Port)}")),
            new("Username", User),
            new("Password", ReferenceExpression.Create($"{PasswordParameter}")),
            new("Uri", ConnectionStringExpression),
        ];
}
