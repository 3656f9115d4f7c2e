using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Conductor.Hosting.Supervision;

/// <summary>A resource stops after all that wait for it, or belong to it, have stopped.</summary>
internal static class StopOrder
{
    public static Task StopAsync(IEnumerable<IResource> resources, Func<IResource, Task> stop)
    {
        var all = resources.ToList();
        var tasks = new Dictionary<IResource, Task>(ReferenceEqualityComparer.Instance);
        return Task.WhenAll(all.Select(Stop));

        Task Stop(IResource resource) => tasks.TryGetValue(resource, out var task) ? task : tasks[resource] = StopAfter(resource);

        async Task StopAfter(IResource resource)
        {
            await Task.WhenAll(all.Where(r => DependsOn(r).Contains(resource)).Select(Stop));
            await stop(resource);
        }
    }

    /// <exception cref="DistributedApplicationException">Some resources wait for each other.</exception>
    public static void RejectCycles(IEnumerable<IResource> resources)
    {
        var done = new HashSet<IResource>(ReferenceEqualityComparer.Instance);
        foreach (var resource in resources) Visit(resource, []);

        void Visit(IResource resource, List<IResource> path)
        {
            if (path.Contains(resource))
                throw new DistributedApplicationException($"These resources wait for each other: {string.Join(" -> ", path.SkipWhile(r => r != resource).Append(resource).Select(r => r.Name))}");
            if (done.Contains(resource)) return;
            foreach (var other in DependsOn(resource)) Visit(other, [.. path, resource]);
            done.Add(resource);
        }
    }

    private static IEnumerable<IResource> DependsOn(IResource resource)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().Select(w => w.Resource);
        return resource is IResourceWithParent child ? waits.Append(child.Parent) : waits;
    }
}
