using System.Net.Sockets;

namespace Conductor.Hosting.Engines;

/// <summary>Tells whether an AMQP 0-9-1 broker answers, without a client library.</summary>
internal static class AmqpProbe
{
    public static Task<bool> AnswersAsync(int port, CancellationToken cancellationToken) => AnswersAsync("127.0.0.1", port, cancellationToken);

    public static async Task<bool> AnswersAsync(string host, int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, cancellationToken);
            await using var stream = client.GetStream();
            await stream.WriteAsync("AMQP\0\0\x09\x01"u8.ToArray(), cancellationToken);
            // Connection.Start is a method frame (1) on channel 0: specification section 4.2.3.
            var frame = new byte[1];
            return await stream.ReadAsync(frame, cancellationToken) == 1 && frame[0] == 1;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }
}
