using System.Net;
using System.Text;
using Conductor.Console.Health;

namespace Conductor.Console.Tests.Health;

public sealed class HealthTests : IAsyncLifetime
{
    private readonly ConsoleUnderTest _console = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _console.InitializeAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Theory, InlineData("/"), InlineData("/definitions"), InlineData("/no/such/page")]
    public async Task Every_page_says_which_service_cannot_work_and_why(string path)
    {
        _console.WorkflowsService.Ailment = "postgres at 127.0.0.1:5432: <refused>.";
        // The very first question may take a busy machine longer than a page waits for it.
        var html = await Eventually.BecomesAsync(() => PageAsync(path),
            page => page.Contains("The workflows service is unhealthy: postgres – postgres at 127.0.0.1:5432: <refused>.", StringComparison.Ordinal));
        html.ShouldNotContain("The pipelines service is");
    }

    [Fact]
    public async Task A_service_that_says_nothing_holds_a_page_up_for_two_seconds_and_not_longer()
    {
        _console.PipelinesService.IsSilent = true;
        var html = await PageAsync("/definitions").WaitAsync(HealthClient.Patience + TimeSpan.FromSeconds(5), Cancellation);
        html.ShouldContain("The pipelines service is not reachable: it did not answer in time.");
    }

    [Fact]
    public async Task A_service_that_is_gone_is_not_called_healthy()
    {
        await _console.PipelinesService.DisposeAsync();
        (await PageAsync("/")).ShouldContain("The pipelines service is not reachable: the connection was refused.");
    }

    [Fact]
    public async Task A_pages_services_are_asked_once_for_all_that_ask_within_two_seconds()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PageAsync("/definitions")));
        _console.WorkflowsService.Requests.Count(request => request == "GET /health").ShouldBeInRange(1, 5);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, "application/json", """{"status":"Healthy","checks":[]}""", "Healthy", null)]
    [InlineData(HttpStatusCode.OK, "application/json", """{"status":"Degraded","checks":[{"name":"bus","status":"Degraded","description":"starts"}]}""",
        "Degraded", "bus – starts")]
    [InlineData(HttpStatusCode.OK, "application/json", "{}", "Unhealthy", "it does not say why")]
    [InlineData(HttpStatusCode.OK, "text/html", "<p>a proxy's page", "Unhealthy", "it answered 200 without saying why")]
    [InlineData(HttpStatusCode.OK, "application/json", "{", ServiceHealth.Silent, "its answer was not understood")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "application/json", """{"status":"Healthy","checks":null}""", "Unhealthy", "it does not say why")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "application/json",
        """{"status":"Unhealthy","checks":[{"name":"a","status":"Unhealthy"},{"name":"b","status":"Healthy"},{"name":"c","status":"?","description":"off"}]}""",
        "Unhealthy", "a is unhealthy; c – off")]
    public async Task Only_a_service_that_says_it_is_healthy_is_called_so(HttpStatusCode code, string type, string body, string status, string? cause)
    {
        using var http = new HttpClient(new Fixed(code, type, body));
        (await new HealthClient(http).AskAsync("workflows")).ShouldBe(new ServiceHealth("workflows", status, cause));
    }

    private async Task<string> PageAsync(string path)
    {
        using var client = await _console.ClientAsync();
        return WebUtility.HtmlDecode(await (await client.GetAsync(path, Cancellation)).Content.ReadAsStringAsync(Cancellation));
    }

    private sealed class Fixed(HttpStatusCode code, string type, string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(code) { Content = new StringContent(body, Encoding.UTF8, type) });
    }
}
