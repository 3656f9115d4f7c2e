using System.Net;
using System.Net.Sockets;
using Conductor.ServiceDefaults.Messaging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Conductor.ServiceDefaults.Tests.Messaging;

public sealed class BrokerWaitTests
{
    [Fact]
    public async Task A_service_waits_until_its_broker_listens()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var wait = Wait(port).StartAsync(TestContext.Current.CancellationToken);
        wait.IsCompleted.ShouldBeFalse();
        using var later = new TcpListener(IPAddress.Loopback, port);
        later.Start();
        await wait.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        wait.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public async Task A_service_that_is_stopped_while_it_waits_stops()
    {
        using var stop = new CancellationTokenSource();
        var wait = Wait(1).StartAsync(stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => wait.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    private static BrokerWait Wait(int port) => new(new Uri($"amqp://guest:guest@127.0.0.1:{port}"), TimeProvider.System, NullLogger<BrokerWait>.Instance);
}
