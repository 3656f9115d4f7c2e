using System.Net.Sockets;
using System.Text;

namespace Conductor.Fuzzing;

/// <summary>Sends bytes that need not be HTTP, and reads the status of the answer, if there is one.</summary>
internal static class RawBytes
{
    private static readonly string[] Heads =
    [
        "GET /api HTTP/1.1\r\nHost: x\r\n\r\n", "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", "GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", "GET  HTTP/9.9\r\n\r\n",
        "POST /api/workflow HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /api/workflow HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n{",
        "POST /api/workflow HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "POST /api/workflow HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFF\r\n", "GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n",
    ];

    public static async Task<int?> SendAsync(Random random, Uri address, CancellationToken cancellationToken)
    {
        var bytes = random.Next(3) == 0 ? new byte[random.Next(1, 2000)] : Encoding.Latin1.GetBytes(random.Choose(Heads));
        if (bytes.Length > 0 && bytes[0] == 0) random.NextBytes(bytes);
        else if (random.Next(2) == 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, cancellationToken);
        var stream = client.GetStream();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMilliseconds(500));
        try
        {
            await stream.WriteAsync(bytes, patience.Token);
            var answer = new byte[64];
            var read = await stream.ReadAtLeastAsync(answer, 12, throwOnEndOfStream: false, patience.Token);
            return read >= 12 && int.TryParse(Encoding.ASCII.GetString(answer, 9, 3), out var status) ? status : null;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Closed, or waiting for the rest: no answer is as good as a refusal.
            return null;
        }
    }
}
