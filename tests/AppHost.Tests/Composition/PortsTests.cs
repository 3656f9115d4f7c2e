using System.Net;
using System.Net.Sockets;
using Conductor.AppHost.Composition;

namespace Conductor.AppHost.Tests.Composition;

public sealed class PortsTests
{
    [Fact]
    public void A_taken_port_is_named_with_its_resource()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Problem(port).ShouldContain($"taken by other programs: {port} (api)");
    }

    [Fact]
    public void A_port_that_no_browser_opens_is_refused() => Problem(10080).ShouldContain("Browsers refuse these ports: 10080 (api)");

    [Fact]
    public void A_number_that_is_no_port_is_refused() => Problem(70_000).ShouldContain("no such ports: 70000 (api)");

    private static string Problem(int port)
    {
        var api = new ExecutableResource("api", "true", "/");
        api.Annotations.Add(new EndpointAnnotation(ProtocolType.Tcp, uriScheme: "http", name: "http") { Port = port });
        return Should.Throw<DistributedApplicationException>(() => Ports.EnsureUsable(new DistributedApplicationModel([api]))).Message;
    }
}
