namespace Aspire.Hosting.ApplicationModel;

/// <summary>An address that is shown for a resource.</summary>
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    /// <summary>The address.</summary>
    public required string Url { get; set; }

    /// <summary>What is shown in its place.</summary>
    public string? DisplayText { get; set; }

    /// <summary>The endpoint that it belongs to.</summary>
    public EndpointReference? Endpoint { get; init; }
}

/// <summary>Lets a callback say which addresses are shown, once the endpoints have theirs.</summary>
public class ResourceUrlsCallbackContext
{
    /// <summary>Makes a context for one resource.</summary>
    public ResourceUrlsCallbackContext(DistributedApplicationExecutionContext executionContext, IResource resource,
        List<ResourceUrlAnnotation>? urls = null, CancellationToken cancellationToken = default) =>
        (ExecutionContext, Resource, Urls, CancellationToken) = (executionContext, resource, urls ?? [], cancellationToken);

    /// <summary>How the application runs.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The resource.</summary>
    public IResource Resource { get; }

    /// <summary>The addresses; add to them, change or remove them.</summary>
    public List<ResourceUrlAnnotation> Urls { get; }

    /// <summary>Gives up.</summary>
    public CancellationToken CancellationToken { get; }
}

/// <summary>Says which addresses are shown, once the endpoints have theirs.</summary>
public class ResourceUrlsCallbackAnnotation : IResourceAnnotation
{
    /// <summary>Runs an asynchronous callback.</summary>
    public ResourceUrlsCallbackAnnotation(Func<ResourceUrlsCallbackContext, Task> callback) => Callback = callback;

    /// <summary>The callback.</summary>
    public Func<ResourceUrlsCallbackContext, Task> Callback { get; }
}
