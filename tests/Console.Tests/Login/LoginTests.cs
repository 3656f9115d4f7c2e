using System.Net;
using Conductor.Console.Login;

namespace Conductor.Console.Tests.Login;

public sealed class LoginTests(ConsoleUnderTest console) : IClassFixture<ConsoleUnderTest>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/workflows/1/execution.json")]
    [InlineData("/swagger/index.html")]
    [InlineData("/no/such/page")]
    [InlineData("/metrics")]
    [InlineData("/openapi/v1.json")]
    public async Task Without_a_session_a_page_leads_to_the_login(string path)
    {
        using var client = await console.ClientAsync(loggedIn: false);
        var answer = await client.GetAsync(path, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe($"/login?returnUrl={Uri.EscapeDataString(path)}");
    }

    [Fact]
    public async Task Without_a_session_no_form_and_no_feed_is_served()
    {
        using var client = await console.ClientAsync(loggedIn: false);
        (await client.GetAsync("/events?from=workflows", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await client.PostAsync("/pipelines/solar-system/stop", content: null, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        console.Pipelines.StateOf("solar-system").ShouldBe("Running");
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task Probes_need_no_session(string path)
    {
        using var client = await console.ClientAsync(loggedIn: false);
        (await client.GetAsync(path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_login_link_sets_a_cookie_that_scripts_and_other_sites_cannot_use()
    {
        using var client = await console.ClientAsync(loggedIn: false);
        var answer = await client.GetAsync($"/login?token={ConsoleUnderTest.Token}", Cancellation);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        cookie.ShouldNotContain(ConsoleUnderTest.Token);
        (await client.GetAsync("/", Cancellation)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_wrong_token_is_refused()
    {
        using var client = await console.ClientAsync(loggedIn: false);
        var answer = await client.GetAsync("/login?token=another-token-0123456789", Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task A_forged_cookie_opens_nothing()
    {
        using var client = await console.ClientAsync(loggedIn: false);
        var name = $"conductor-console-{new LoginToken(ConsoleUnderTest.Token).Fingerprint}";
        foreach (var value in new[] { "99999999999.AAAA", "1.", "nonsense", "99999999999" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.Add("Cookie", $"{name}={value}");
            (await client.SendAsync(request, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }
    }

    [Fact]
    public async Task A_form_that_the_console_did_not_hand_out_does_nothing()
    {
        using var client = await console.ClientAsync();
        var answer = await client.PostAsync("/pipelines/solar-system/stop", new FormUrlEncodedContent([]), Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        console.Pipelines.StateOf("solar-system").ShouldBe("Running");
        (await client.GetStringAsync("/", Cancellation)).ShouldContain("Nothing was done");
    }

    [Fact]
    public async Task Pages_allow_only_the_console_itself_and_another_host_name_gets_nothing()
    {
        using var client = await console.ClientAsync();
        var answer = await client.GetAsync("/", Cancellation);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'; script-src 'self'");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/login");
        request.Headers.Host = "evil.example";
        (await client.SendAsync(request, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/workflows?status=FAILED", "/workflows?status=FAILED")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/a\r\nb", "/")]
    [InlineData(null, "/")]
    public void A_login_never_leads_to_another_host(string? asked, string expected) => LoginEndpoints.LocalPath(asked).ShouldBe(expected);

    [Fact]
    public void A_console_without_a_token_does_not_start() =>
        Should.Throw<InvalidOperationException>(() => new LoginToken("")).Message.ShouldContain("CONSOLE__LOGINTOKEN");
}
