using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;

namespace Conductor.Hosting.Resolution;

/// <summary>Where each replica of a resource listens, by endpoint; with one replica that is the public port.</summary>
internal sealed class ReplicaPorts : IResourceAnnotation
{
    private readonly ConcurrentDictionary<string, int[]> _ports = new(StringComparer.OrdinalIgnoreCase);

    public int this[EndpointAnnotation endpoint, int replica] => _ports[endpoint.Name][replica];

    public IReadOnlyList<int> All(EndpointAnnotation endpoint) => _ports[endpoint.Name];

    public void Set(EndpointAnnotation endpoint, int[] ports) => _ports[endpoint.Name] = ports;

    public static ReplicaPorts? Of(IResource resource) => resource.Annotations.OfType<ReplicaPorts>().SingleOrDefault();
}
