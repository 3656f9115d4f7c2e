using System.Net;
using System.Net.Sockets;
using Conductor.Hosting.Engines;
using Conductor.Hosting.Proxy;

namespace Conductor.AppHost.Tests.Proxy;

public sealed class FrontPortTests : IAsyncDisposable
{
    private readonly List<TcpListener> _replicas = [];
    private readonly CancellationTokenSource _stopping = new();
    private FrontPort? _front;

    [Fact]
    public async Task Connections_go_to_the_replicas_in_turn()
    {
        var (port, _) = Open(Replica("a"), Replica("b"), Replica("c"));
        var answers = new List<string>();
        for (var i = 0; i < 6; i++) answers.Add(await AskAsync(port));
        answers.ShouldBe(["a", "b", "c", "a", "b", "c"]);
    }

    [Fact]
    public async Task An_unhealthy_replica_is_left_out_until_it_is_healthy_again()
    {
        int a = Replica("a"), b = Replica("b");
        var (port, targets) = Open(a, b);
        targets.Report(a, healthy: true);
        targets.Report(b, healthy: false);
        (await AskAsync(port) + await AskAsync(port) + await AskAsync(port)).ShouldBe("aaa");
        targets.Report(b, healthy: true);
        (await AskAsync(port) + await AskAsync(port)).ShouldContain('b');
    }

    [Fact]
    public async Task A_replica_that_refuses_connections_is_passed_over()
    {
        var gone = EngineProcess.FreePort();
        var (port, targets) = Open(gone, Replica("b"));
        targets.Report(gone, healthy: true);
        (await AskAsync(port) + await AskAsync(port)).ShouldBe("bb");
    }

    [Fact]
    public async Task Without_any_replica_the_connection_is_closed()
    {
        var (port, _) = Open(EngineProcess.FreePort());
        (await AskAsync(port)).ShouldBe("");
    }

    public async ValueTask DisposeAsync()
    {
        if (_front is not null) await _front.DisposeAsync();
        await _stopping.CancelAsync();
        foreach (var replica in _replicas) replica.Dispose();
        _stopping.Dispose();
    }

    private (int Port, ReplicaTargets Targets) Open(params int[] ports)
    {
        var targets = new ReplicaTargets("http", ports);
        var port = EngineProcess.FreePort();
        _front = new FrontPort(port, targets);
        _front.Start();
        return (port, targets);
    }

    private int Replica(string name)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _replicas.Add(listener);
        _ = AnswerAsync(listener, name, _stopping.Token);
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task AnswerAsync(TcpListener listener, string name, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            using var client = await listener.AcceptTcpClientAsync(stopping);
            await using var stream = client.GetStream();
            // Answers only after the question has come to its end: both directions, and the half-closed connection, are passed on.
            await stream.CopyToAsync(Stream.Null, stopping);
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(name), stopping);
        }
    }

    private static async Task<string> AskAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync("?"u8.ToArray(), TestContext.Current.CancellationToken);
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
