using Conductor.AppHost.Composition;

namespace Conductor.AppHost.Supervision;

/// <summary>
/// Finds out before anything starts that a wanted port is taken. Later the health check of a resource would be answered by whoever has
/// the port, while the resource itself fails; and Aspire's proxy says nothing at all.
/// </summary>
internal static class PortCheck
{
    /// <exception cref="DistributedApplicationException">Some cannot be used; the message names them.</exception>
    public static void EnsureUsable(DistributedApplicationModel model)
    {
        var wanted = model.Resources.SelectMany(r => r.Annotations.OfType<EndpointAnnotation>().Where(e => e.Port is > 0).Select(e => (Port: e.Port!.Value, r.Name))).ToList();
        if (wanted.Where(w => w.Port > ushort.MaxValue).ToList() is { Count: > 0 } high) throw new DistributedApplicationException($"There are no such ports: {Text(high)}. Choose a smaller --port-offset");
        if (wanted.Where(w => Ports.IsRefusedByBrowsers(w.Port)).ToList() is { Count: > 0 } refused) throw new DistributedApplicationException($"Browsers refuse these ports: {Text(refused)}. Choose another --port-offset");
        if (wanted.Where(w => !Ports.IsFree(w.Port)).ToList() is { Count: > 0 } taken) throw new DistributedApplicationException($"These ports are taken by other programs: {Text(taken)}. Stop them, or shift all ports: --port-offset N");
    }

    private static string Text(IEnumerable<(int Port, string Name)> ports) => string.Join(", ", ports.Select(p => $"{p.Port} ({p.Name})"));
}
