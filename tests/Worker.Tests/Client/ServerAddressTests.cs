using Conductor.Worker.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Worker.Tests.Client;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData(null, null, "http://127.0.0.1:8080/api/")]
    [InlineData("", null, "http://127.0.0.1:8080/api/")]
    [InlineData("https://conductor.example/api", null, "https://conductor.example/api/")]
    [InlineData("http://one:1", "http://two:2", "http://one:1/api/")]
    [InlineData(null, "http://two:2/", "http://two:2/api/")]
    public void The_server_is_what_is_configured_or_what_Aspire_says_or_the_one_on_this_machine(string? url, string? aspire, string expected)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["CONDUCTOR_SERVER_URL"] = url, ["services:workflows:http:0"] = aspire };
        using var provider = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddConductorClient()
            .BuildServiceProvider();
        using var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient(ConductorClient.HttpClientName);
        http.BaseAddress!.ToString().ShouldBe(expected);
    }
}
