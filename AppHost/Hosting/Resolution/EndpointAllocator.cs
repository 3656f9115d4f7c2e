using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Engines;

namespace Conductor.Hosting.Resolution;

/// <summary>Gives every endpoint its public port, and every replica the port on which it listens.</summary>
internal static class EndpointAllocator
{
    public const string Loopback = "127.0.0.1";

    /// <exception cref="DistributedApplicationException">Two endpoints want one port, or replicas cannot share one.</exception>
    public static void Allocate(IEnumerable<IResource> resources)
    {
        var owners = new Dictionary<int, string>();
        foreach (var resource in resources)
        {
            var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToList();
            if (endpoints.Count == 0) continue;
            var ports = new ReplicaPorts();
            resource.Annotations.Add(ports);
            foreach (var endpoint in endpoints) Allocate(resource, endpoint, ports, owners);
        }
    }

    public static int Replicas(IResource resource) => resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;

    private static void Allocate(IResource resource, EndpointAnnotation endpoint, ReplicaPorts ports, Dictionary<int, string> owners)
    {
        var replicas = Replicas(resource);
        if (replicas > 1 && (!endpoint.IsProxied || endpoint.TargetPort is not null))
            throw new DistributedApplicationException($"The replicas of '{resource.Name}' cannot share the port of the endpoint '{endpoint.Name}': it is not proxied or has a fixed target port");
        var fronted = NeedsFront(resource, endpoint);
        // A container's target port is inside the container.
        var port = endpoint.Port ?? (fronted || resource is ContainerResource ? null : endpoint.TargetPort) ?? EngineProcess.FreePort();
        if (!owners.TryAdd(port, resource.Name))
            throw new DistributedApplicationException($"'{resource.Name}' and '{owners[port]}' both want port {port}");
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, Loopback, port);
        ports.Set(endpoint, fronted ? [.. Enumerable.Range(0, replicas).Select(_ => endpoint.TargetPort ?? EngineProcess.FreePort())] : [port]);
        endpoint.TargetPort ??= replicas == 1 ? ports[endpoint, 0] : null;
    }

    /// <summary>A front port stands before replicas, and before a process that insists on a port other than the public one.</summary>
    public static bool NeedsFront(IResource resource, EndpointAnnotation endpoint) => resource is not ContainerResource && endpoint.IsProxied &&
        (Replicas(resource) > 1 || (endpoint.TargetPort is { } target && endpoint.Port is { } port && target != port));
}
