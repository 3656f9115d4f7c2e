using Conductor.ServiceDefaults.Discovery;
using Microsoft.Extensions.Configuration;

namespace Conductor.ServiceDefaults.Tests.Discovery;

public sealed class ServiceEndpointsTests
{
    private readonly ServiceEndpoints _endpoints = new(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["services:workflows:http:0"] = "http://127.0.0.1:8080",
        ["services:workflows:http:1"] = "http://127.0.0.1:8081",
        ["services:workflows:admin:0"] = "http://127.0.0.1:9000/base/",
        ["services:secure:http:0"] = "http://127.0.0.1:1",
        ["services:secure:https:0"] = "https://127.0.0.1:2",
    }).Build());

    [Fact]
    public void Addresses_take_turns()
    {
        var found = Enumerable.Range(0, 4).Select(_ => _endpoints.Resolve(new Uri("http://workflows/api/x?y=1")).ToString());
        found.ShouldBe(
        [
            "http://127.0.0.1:8080/api/x?y=1", "http://127.0.0.1:8081/api/x?y=1",
            "http://127.0.0.1:8080/api/x?y=1", "http://127.0.0.1:8081/api/x?y=1",
        ]);
    }

    [Theory]
    [InlineData("http://_admin.workflows/x", "http://127.0.0.1:9000/base/x")]
    [InlineData("https+http://secure/", "https://127.0.0.1:2/")]
    [InlineData("http+https://secure/", "http://127.0.0.1:1/")]
    [InlineData("https+http://workflows/", "http://127.0.0.1:8080/")]
    [InlineData("http://example.org:81/x", "http://example.org:81/x")]
    [InlineData("https+http://example.org/x", "https://example.org/x")]
    [InlineData("http://_other.workflows/", "http://_other.workflows/")]
    public void A_logical_address_becomes_the_configured_one(string asked, string expected) =>
        _endpoints.Resolve(new Uri(asked)).ToString().ShouldBe(expected);
}
