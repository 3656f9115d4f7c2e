using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Conductor.Postgres.Tests.Sagas.GroupCommit;

/// <summary>Stands between a client and PostgreSQL, and cuts connections: all, or one whose COMMIT the server has answered.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _server;
    private readonly Task _accepting;
    private int _armed;
    private int _cuts;

    private CuttingProxy(NpgsqlConnectionStringBuilder server)
    {
        _server = new IPEndPoint(IPAddress.Loopback, server.Port);
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.ConnectionString;
        _accepting = AcceptAsync();
    }

    public string ConnectionString { get; }

    public int Cuts => _cuts;

    public volatile bool Refuse;

    private volatile bool _isSilent;

    /// <summary>Nothing passes any more, nobody connects, and nothing is closed: what a cable that was pulled looks like.</summary>
    public void FallSilent()
    {
        _isSilent = true;
        _listener.Stop();
    }

    public static Task<CuttingProxy> StartAsync(string connectionString) =>
        Task.FromResult(new CuttingProxy(new NpgsqlConnectionStringBuilder(connectionString)));

    public void CutAfterNextCommit() => Volatile.Write(ref _armed, 1);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = RelayAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(_server, _stop.Token);
            var link = new Link();
            await Task.WhenAny(CopyAsync(client.GetStream(), server.GetStream(), link, fromClient: true), CopyAsync(
                server.GetStream(), client.GetStream(), link, fromClient: false));
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Link link, bool fromClient)
    {
        var buffer = new byte[1 << 20];
        try
        {
            while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var count)
            {
                if (Refuse) return;
                if (_isSilent) continue;
                var data = buffer.AsMemory(0, count);
                if (fromClient && data.Span.IndexOf("COMMIT"u8) >= 0 && Interlocked.Exchange(ref _armed, 0) == 1) link.IsCut = true;
                // What comes back now says that the commit is done; the client never sees it.
                else if (!fromClient && link.IsCut && Encoding.ASCII.GetString(data.Span).Contains("COMMIT", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref _cuts);
                    return;
                }
                await to.WriteAsync(data, _stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side has gone: so does this one.
        }
    }

    private sealed class Link
    {
        public volatile bool IsCut;
    }
}
