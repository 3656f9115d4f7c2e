using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Conductor.AppHost.Composition;

/// <summary>Ports of the loopback address.</summary>
internal static class Ports
{
    /// <summary>Bad ports of the fetch standard (section 2.9) above those that only root may use: no browser opens them.</summary>
    private static readonly HashSet<int> Refused = [1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080];

    private static readonly ConcurrentDictionary<int, byte> Given = new();

    public static bool IsRefusedByBrowsers(int port) => Refused.Contains(port);

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

    /// <summary>
    /// A port that is free now. It lies below the range from which the system takes ports of outgoing connections
    /// (net.ipv4.ip_local_port_range), so that none of those takes it before its owner listens, and is given out once.
    /// </summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            if (Given.TryAdd(port, 0) && IsFree(port)) return port;
        }
    }
}
