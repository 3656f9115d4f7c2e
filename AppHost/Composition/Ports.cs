using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Conductor.AppHost.Composition;

/// <summary>Ports of the loopback address.</summary>
internal static class Ports
{
    /// <summary>Bad ports of the fetch standard (section 2.9) above those that only root may use: no browser opens them.</summary>
    private static readonly HashSet<int> Refused =
        [1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080];

    private static readonly ConcurrentDictionary<int, byte> Given = new();

    /// <summary>Finds out before anything starts that a wanted port cannot be used: later, whoever has it would answer the health check.</summary>
    /// <exception cref="DistributedApplicationException">Some cannot; the message names them.</exception>
    public static void EnsureUsable(DistributedApplicationModel model)
    {
        var wanted = model.Resources.SelectMany(r =>
            r.Annotations.OfType<EndpointAnnotation>().Where(e => e.Port is > 0).Select(e => (Port: e.Port!.Value, r.Name))).ToList();
        Refuse(wanted.Where(w => w.Port > ushort.MaxValue), "There are no such ports: {0}. Choose a smaller --port-offset");
        Refuse(wanted.Where(w => Refused.Contains(w.Port)), "Browsers refuse these ports: {0}. Choose another --port-offset");
        Refuse(wanted.Where(w => !IsFree(w.Port)), "These ports are taken by other programs: {0}. Stop them, or shift all ports: --port-offset N");
    }

    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }

    /// <summary>A port that is free now, given out once, below those that the system takes for outgoing connections (ip_local_port_range).</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            if (Given.TryAdd(port, 0) && IsFree(port)) return port;
        }
    }

    private static void Refuse(IEnumerable<(int Port, string Name)> ports, string why)
    {
        var named = string.Join(", ", ports.Select(p => $"{p.Port} ({p.Name})"));
        if (named.Length > 0) throw new DistributedApplicationException(string.Format(CultureInfo.InvariantCulture, why, named));
    }
}
