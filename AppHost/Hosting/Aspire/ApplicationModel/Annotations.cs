namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resource starts only after another one.</summary>
/// <param name="resource">The other one.</param>
/// <param name="waitType">What it must have reached.</param>
/// <param name="exitCode">With which code it must have ended, for <see cref="WaitType.WaitForCompletion"/>.</param>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    /// <summary>The resource that is waited for.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>What it must have reached.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>With which code it must have ended.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>What happens when the other resource fails to start; null leaves it to the default, to fail as well.</summary>
    public WaitBehavior? WaitBehavior { get; set; }
}

/// <summary>What a resource that is waited for must have reached.</summary>
public enum WaitType
{
    /// <summary>It runs and all of its health checks pass.</summary>
    WaitUntilHealthy,

    /// <summary>It has ended with the expected code.</summary>
    WaitForCompletion,

    /// <summary>It runs.</summary>
    WaitUntilStarted,
}

/// <summary>What a waiting resource does when the other one fails to start.</summary>
public enum WaitBehavior
{
    /// <summary>It goes on waiting; somebody may start the other one by hand.</summary>
    WaitOnResourceUnavailable,

    /// <summary>It fails as well.</summary>
    StopOnResourceUnavailable,
}

/// <summary>A health check, registered under <paramref name="key"/>, tells whether the resource is healthy.</summary>
/// <param name="key">Name of the registration.</param>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>Name of the registration.</summary>
    public string Key { get; } = key;
}

/// <summary>How many processes run of the resource.</summary>
/// <param name="replicas">At least one.</param>
public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    /// <summary>At least one.</summary>
    public int Replicas { get; } = replicas;
}

/// <summary>The resource starts only when somebody asks for it.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation;

/// <summary>A relation to another resource: <c>Parent</c>, <c>Reference</c>, <c>WaitFor</c>.</summary>
/// <param name="resource">The other resource.</param>
/// <param name="type">Kind of relation.</param>
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Kind of relation.</summary>
    public string Type { get; } = type;
}

/// <summary>The launch profile of a project that is used.</summary>
/// <param name="launchProfileName">Its name in launchSettings.json.</param>
public sealed class LaunchProfileAnnotation(string launchProfileName) : IResourceAnnotation
{
    /// <summary>Its name in launchSettings.json.</summary>
    public string LaunchProfileName { get; } = launchProfileName;
}

/// <summary>No launch profile of the project is used.</summary>
public sealed class ExcludeLaunchProfileAnnotation : IResourceAnnotation;

/// <summary>The resource sends its telemetry by OTLP where a receiver is configured.</summary>
public class OtlpExporterAnnotation : IResourceAnnotation;

/// <summary>The connection string of the resource is that of another one.</summary>
/// <param name="resource">The other resource.</param>
public class ConnectionStringRedirectAnnotation(IResourceWithConnectionString resource) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResourceWithConnectionString Resource { get; } = resource;
}
