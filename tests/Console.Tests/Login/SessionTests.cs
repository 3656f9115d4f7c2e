using System.Net;
using System.Text.RegularExpressions;

namespace Conductor.Console.Tests.Login;

public sealed partial class SessionTests : IDisposable
{
    private readonly string _keys = Path.Combine(Path.GetTempPath(), "conductor-tests", Guid.NewGuid().ToString("N"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_the_log_out_a_copy_of_the_cookie_opens_nothing()
    {
        await using var console = await StartAsync(keys: null);
        var cookie = await LogInAsync(console);
        await LogOutAsync(console, cookie);
        var page = await SendAsync(console, HttpMethod.Get, "/", cookie);
        (page.StatusCode, page.Headers.Location!.ToString()).ShouldBe((HttpStatusCode.Redirect, "/login?returnUrl=%2F"));
        (await SendAsync(console, HttpMethod.Get, "/events?from=workflows", cookie)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(console, HttpMethod.Post, "/pipelines/solar-system/stop", cookie)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task One_browser_that_logs_out_does_not_log_out_another()
    {
        await using var console = await StartAsync(keys: null);
        var (one, other) = (await LogInAsync(console), await LogInAsync(console));
        await LogOutAsync(console, one);
        (await SendAsync(console, HttpMethod.Get, "/", other)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task With_a_folder_for_keys_a_restart_keeps_sessions_open_and_ended_ones_ended()
    {
        string open, ended;
        await using (var console = await StartAsync(_keys))
        {
            (open, ended) = (await LogInAsync(console), await LogInAsync(console));
            await LogOutAsync(console, ended);
        }
        await using var again = await StartAsync(_keys);
        (await SendAsync(again, HttpMethod.Get, "/", open)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SendAsync(again, HttpMethod.Get, "/", ended)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(_keys).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        again.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_folder_a_restart_ends_every_session()
    {
        string cookie;
        await using (var console = await StartAsync(keys: null))
            cookie = await LogInAsync(console);
        await using var again = await StartAsync(keys: null);
        (await SendAsync(again, HttpMethod.Get, "/", cookie)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_session_ends_a_day_after_the_last_visit()
    {
        var clock = new Clock();
        await using var console = new ConsoleUnderTest { Time = clock };
        await console.InitializeAsync();
        var first = await LogInAsync(console);
        clock.Now += TimeSpan.FromHours(13);
        var renewed = CookieOf(await SendAsync(console, HttpMethod.Get, "/", first));
        clock.Now += TimeSpan.FromHours(13);
        (await SendAsync(console, HttpMethod.Get, "/", first)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await SendAsync(console, HttpMethod.Get, "/", renewed)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Metrics_are_for_those_who_are_logged_in()
    {
        await using var console = await StartAsync(keys: null);
        (await SendAsync(console, HttpMethod.Get, "/metrics", await LogInAsync(console))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    public void Dispose()
    {
        if (Directory.Exists(_keys))
            Directory.Delete(_keys, recursive: true);
    }

    private static async Task<ConsoleUnderTest> StartAsync(string? keys)
    {
        var console = new ConsoleUnderTest { Keys = keys };
        await console.InitializeAsync();
        return console;
    }

    private static async Task<string> LogInAsync(ConsoleUnderTest console) =>
        CookieOf(await SendAsync(console, HttpMethod.Get, $"/login?token={ConsoleUnderTest.Token}", cookie: null));

    private static async Task LogOutAsync(ConsoleUnderTest console, string cookie)
    {
        var page = await SendAsync(console, HttpMethod.Get, "/", cookie);
        var token = FormToken().Match(await page.Content.ReadAsStringAsync(Cancellation)).Groups[1].Value;
        var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal) { ["__RequestVerificationToken"] = token });
        var answer = await SendAsync(console, HttpMethod.Post, "/logout", $"{cookie}; {CookieOf(page, ofForms: true)}", form);
        answer.Headers.Location!.ToString().ShouldBe("/login");
    }

    private static async Task<HttpResponseMessage> SendAsync(ConsoleUnderTest console, HttpMethod method, string path, string? cookie, HttpContent? body = null)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = console.Address };
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        return await client.SendAsync(request, Cancellation);
    }

    private static string CookieOf(HttpResponseMessage answer, bool ofForms = false) => answer.Headers.GetValues("Set-Cookie")
        .Single(cookie => cookie.StartsWith("conductor-console-forms-", StringComparison.Ordinal) == ofForms).Split(';')[0];

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FormToken();

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
