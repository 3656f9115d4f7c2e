using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Logs;
using Conductor.Hosting.Resolution;

namespace Conductor.Hosting.Supervision;

/// <summary>What a resource waits for before it starts.</summary>
internal sealed class Waiting(ResourceBoard board)
{
    /// <summary>The waits of a resource: those that the AppHost names, and its parent. What is not available here is waited for by nobody.</summary>
    public static IReadOnlyList<WaitAnnotation> Of(IResource resource)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>();
        if (resource is IResourceWithParent child && ConnectionStrings.Redirected(resource) is null) waits = waits.Append(new WaitAnnotation(child.Parent, WaitType.WaitUntilHealthy));
        return [.. waits.Where(w => !w.Resource.Annotations.OfType<UnavailableAnnotation>().Any())];
    }

    /// <exception cref="DistributedApplicationException">One of them failed to start, or ended otherwise than expected.</exception>
    public Task ForAllAsync(IResource resource, ResourceLog log, CancellationToken cancellationToken)
    {
        var waits = Of(resource);
        if (waits.Count > 0) log.Write(LogStream.Host, $"waits for {string.Join(", ", waits.Select(w => w.Resource.Name))}");
        return Task.WhenAll(waits.Select(w => ForAsync(w, cancellationToken)));
    }

    private async Task ForAsync(WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var goesOnWaiting = wait.WaitBehavior == WaitBehavior.WaitOnResourceUnavailable;
        var name = wait.Resource.Name;
        var status = await board.WaitAsync(name, s => IsReached(wait, s) || (s.IsFinal && !goesOnWaiting), cancellationToken);
        if (IsReached(wait, status)) return;
        throw new DistributedApplicationException(status.ExitCode is { } code
            ? $"it waits for '{name}', which is {status.State} with code {code}"
            : $"it waits for '{name}', which is {status.State}");
    }

    private static bool IsReached(WaitAnnotation wait, ResourceStatus status) => wait.WaitType switch
    {
        WaitType.WaitForCompletion => status.IsFinal && status.ExitCode == wait.ExitCode,
        WaitType.WaitUntilStarted => status.State == KnownResourceStates.Running || status.IsReady,
        _ => status.IsReady,
    };
}
