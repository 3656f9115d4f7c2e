using Conductor.Hosting.Resolution;

namespace Conductor.AppHost.Tests.Resolution;

public sealed class EndpointAllocatorTests
{
    [Fact]
    public void An_endpoint_without_a_port_gets_a_free_one()
    {
        var builder = DistributedApplication.CreateBuilder();
        var endpoint = builder.AddExecutable("a", "true", "/").WithHttpEndpoint().GetEndpoint("http");
        endpoint.IsAllocated.ShouldBeFalse();
        EndpointAllocator.Allocate(builder.Resources);
        endpoint.Port.ShouldBeGreaterThan(1024);
        endpoint.Url.ShouldBe($"http://127.0.0.1:{endpoint.Port}");
    }

    [Fact]
    public void Two_resources_cannot_have_one_port()
    {
        var builder = DistributedApplication.CreateBuilder();
        builder.AddExecutable("a", "true", "/").WithHttpEndpoint(port: 20101);
        builder.AddExecutable("b", "true", "/").WithHttpEndpoint(port: 20101);
        Should.Throw<DistributedApplicationException>(() => EndpointAllocator.Allocate(builder.Resources)).Message.ShouldContain("'b' and 'a' both want port 20101");
    }

    [Fact]
    public void Replicas_cannot_share_a_port_that_is_not_proxied()
    {
        var builder = DistributedApplication.CreateBuilder();
        builder.AddProject("a", "/none/A.csproj", o => o.ExcludeLaunchProfile = true).WithHttpEndpoint(isProxied: false).WithReplicas(2);
        Should.Throw<DistributedApplicationException>(() => EndpointAllocator.Allocate(builder.Resources)).Message.ShouldContain("cannot share the port");
    }

    [Fact]
    public void An_endpoint_has_a_name_of_its_own()
    {
        var app = DistributedApplication.CreateBuilder().AddExecutable("a", "true", "/").WithHttpEndpoint();
        Should.Throw<DistributedApplicationException>(() => app.WithHttpEndpoint()).Message.ShouldContain("already has an endpoint 'http'");
    }

    [Fact]
    public void A_missing_endpoint_is_named_when_it_is_needed() =>
        Should.Throw<DistributedApplicationException>(() => DistributedApplication.CreateBuilder().AddExecutable("a", "true", "/").GetEndpoint("grpc").Url)
            .Message.ShouldContain("'a' has no endpoint 'grpc'");
}
