using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Conductor.Engines;

/// <summary>
/// Ports of the loopback on which nobody listens, below the range from which the system takes ports of outgoing connections, so that none
/// of those takes one before its owner listens.
/// </summary>
public static class FreePort
{
    private static readonly ConcurrentDictionary<int, byte> Given = new();

    /// <summary>A port that was not given out before.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(15_000, 32_000);
            if (!Given.TryAdd(port, 0)) continue;
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody listens there; another one will be free.
            }
        }
    }
}
