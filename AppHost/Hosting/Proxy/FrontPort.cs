using System.Net;
using System.Net.Sockets;
using Conductor.Hosting.Resolution;

namespace Conductor.Hosting.Proxy;

/// <summary>Listens on a public port and passes each connection to one of the replicas.</summary>
internal sealed class FrontPort(int port, ReplicaTargets targets) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TcpListener _listener = new(IPAddress.Parse(EndpointAllocator.Loopback), port);
    private Task _accepting = Task.CompletedTask;

    public void Start()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                _ = PassAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        try
        {
            using (client)
            using (var replica = await ConnectAsync())
            {
                if (replica is null) return;
                client.NoDelay = replica.NoDelay = true;
                var (near, far) = (client.GetStream(), replica.GetStream());
                await Task.WhenAll(CopyAsync(near, far), CopyAsync(far, near));
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or InvalidOperationException)
        {
            // One side hung up, which closes the other.
        }
    }

    private async Task<TcpClient?> ConnectAsync()
    {
        foreach (var target in targets.InTurn())
        {
            var replica = new TcpClient();
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            patience.CancelAfter(Patience);
            try
            {
                await replica.ConnectAsync(EndpointAllocator.Loopback, target, patience.Token);
                return replica;
            }
            catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !_stopping.IsCancellationRequested))
            {
                targets.Report(target, healthy: false);
                replica.Dispose();
            }
        }
        return null;
    }

    /// <summary>Passes bytes on until one side ends its half; then the other side may still answer.</summary>
    private async Task CopyAsync(NetworkStream from, NetworkStream to)
    {
        await from.CopyToAsync(to, _stopping.Token);
        to.Socket.Shutdown(SocketShutdown.Send);
    }
}
