namespace Conductor.AppHost.Engines;

/// <summary>A server that is a child process of ours: one of the scripts of scripts/engines, with a folder of its own under the data folder.</summary>
internal sealed class EngineResource(string name, string script, string folder, Func<EngineResource, ReferenceExpression> connectionString)
    : ExecutableResource(name, Path.Combine(AppContext.BaseDirectory, "Engines", script), folder), IResourceWithConnectionString
{
    public const string EndpointName = "tcp";

    public EndpointReference Endpoint => field ??= new(this, EndpointName);

    public EndpointReferenceExpression Port => Endpoint.Property(EndpointProperty.Port);

    public string Folder => WorkingDirectory;

    public ReferenceExpression ConnectionStringExpression => connectionString(this);
}

/// <summary>A database of a private PostgreSQL.</summary>
internal sealed class EngineDatabase(string name, string database, EngineResource server)
    : Resource(name), IResourceWithParent<EngineResource>, IResourceWithConnectionString
{
    public EngineResource Parent => server;

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{server};Database={database}");
}
