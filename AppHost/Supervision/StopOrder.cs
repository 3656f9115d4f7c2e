namespace Conductor.AppHost.Supervision;

/// <summary>A resource stops after all that wait for it, or belong to it, have stopped. Aspire would stop all at once, and kill after ten seconds.</summary>
internal static class StopOrder
{
    public static Task StopAsync(ICollection<IResource> all, Func<IResource, Task> stop)
    {
        var tasks = new Dictionary<IResource, Task>(ReferenceEqualityComparer.Instance);
        return Task.WhenAll(all.Select(Stop));

        Task Stop(IResource resource) => tasks.TryGetValue(resource, out var task) ? task : tasks[resource] = StopAfter(resource);

        async Task StopAfter(IResource resource)
        {
            await Task.WhenAll(all.Where(r => DependsOn(r).Contains(resource)).Select(Stop));
            await stop(resource);
        }
    }

    private static IEnumerable<IResource> DependsOn(IResource resource)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().Select(w => w.Resource);
        return resource is IResourceWithParent child ? waits.Append(child.Parent) : waits;
    }
}
