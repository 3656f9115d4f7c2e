using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Conductor.Hosting.Resolution;

/// <summary>
/// Finds out before anything starts that a wanted port is taken. Later the health check of a resource would be answered by whoever has
/// the port, while the resource itself fails.
/// </summary>
internal static class PortCheck
{
    /// <exception cref="DistributedApplicationException">Some are taken; the message names them.</exception>
    public static void EnsureFree(IEnumerable<IResource> resources)
    {
        var taken = resources.SelectMany(r => r.Annotations.OfType<EndpointAnnotation>().Where(e => e.Port is not null && IsTaken(e.AllocatedEndpoint!.Port))
            .Select(e => $"{e.AllocatedEndpoint!.Port} ({r.Name})")).ToList();
        if (taken.Count > 0)
            throw new DistributedApplicationException($"These ports are taken by other programs: {string.Join(", ", taken)}. Stop them, or shift all ports: --port-offset N");
    }

    private static bool IsTaken(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Parse(EndpointAllocator.Loopback), port);
            listener.Start();
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return true;
        }
    }
}
