using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A connection string that stands for a server outside this application.</summary>
/// <param name="name">Name.</param>
/// <param name="connectionStringExpression">The connection string.</param>
public sealed class ConnectionStringResource(string name, ReferenceExpression connectionStringExpression) : Resource(name), IResourceWithConnectionString, IResourceWithWaitSupport
{
    private readonly string? _variable;

    internal ConnectionStringResource(string name, ReferenceExpression connectionStringExpression, string? variable) : this(name, connectionStringExpression) =>
        _variable = variable;

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression { get; } = connectionStringExpression;

    string? IResourceWithConnectionString.ConnectionStringEnvironmentVariable => _variable;
}
