using Conductor.Console.Layout;
using Microsoft.Extensions.Configuration;

namespace Conductor.Console.Tests.Layout;

public sealed class DashboardTests
{
    private const string Url = "https://localhost:17000/login?t=abc&x=1";

    [Fact]
    public async Task Every_page_links_to_the_dashboard_that_is_configured_and_lets_it_know_nothing_of_the_console()
    {
        await using var console = new ConsoleUnderTest { DashboardUrl = Url };
        await console.InitializeAsync();
        using var client = await console.ClientAsync();
        foreach (var path in new[] { "/", "/pipelines", "/no/such/page" })
        {
            var html = await (await client.GetAsync(path, TestContext.Current.CancellationToken)).Content.ReadAsStringAsync(
                TestContext.Current.CancellationToken);
            html.ShouldContain("<a href=\"https://localhost:17000/login?t=abc&amp;x=1\" rel=\"noopener noreferrer\" target=\"_blank\">");
        }
    }

    [Theory, InlineData(null), InlineData("")]
    public async Task Without_a_dashboard_there_is_no_link(string? url)
    {
        await using var console = new ConsoleUnderTest { DashboardUrl = url };
        await console.InitializeAsync();
        using var client = await console.ClientAsync();
        (await client.GetStringAsync("/", TestContext.Current.CancellationToken)).ShouldNotContain("Dashboard");
    }

    [Theory, InlineData("/login?t=abc"), InlineData("javascript:alert(1)"), InlineData("localhost:17000")]
    public void An_address_that_is_none_stops_the_start_and_its_secret_is_not_told(string url)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Dashboard:Url"] = url }).Build();
        Should.Throw<InvalidOperationException>(() => Dashboard.From(configuration)).Message.ShouldNotContain(url);
    }
}
