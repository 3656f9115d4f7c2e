using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;

namespace Conductor.Hosting.Proxy;

/// <summary>The replicas behind a front port, with what their last health check said.</summary>
internal sealed class ReplicaTargets(string endpointName, IReadOnlyList<int> ports) : IResourceAnnotation
{
    private readonly ConcurrentDictionary<int, bool> _healthy = new();
    private int _next = -1;

    public string EndpointName { get; } = endpointName;

    public void Report(int port, bool healthy) => _healthy[port] = healthy;

    /// <summary>The replicas in the order in which to try them: healthy ones first, each time beginning with the next.</summary>
    public IReadOnlyList<int> InTurn()
    {
        var first = (int)((uint)Interlocked.Increment(ref _next) % (uint)ports.Count);
        var healthy = ports.Where(IsHealthy).ToList();
        if (healthy.Count == 0) return [.. ports.Skip(first), .. ports.Take(first)];
        // The turn is taken among the healthy ones, lest the neighbour of a broken one gets a double share.
        first %= healthy.Count;
        return [.. healthy.Skip(first), .. healthy.Take(first), .. ports.Where(p => !IsHealthy(p))];
    }

    private bool IsHealthy(int port) => _healthy.TryGetValue(port, out var healthy) && healthy;
}
