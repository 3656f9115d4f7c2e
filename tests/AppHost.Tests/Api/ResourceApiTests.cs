using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Conductor.AppHost.Tests.Applications;

namespace Conductor.AppHost.Tests.Api;

public sealed class ResourceApiTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_resource_is_shown_with_endpoints_and_variables_but_without_secrets()
    {
        var builder = RunningApplication.Builder(_folder);
        var key = builder.AddParameter("key", "hunter2", secret: true);
        builder.AddExecutable("app", "sleep", "/", "300").WithHttpEndpoint(env: "PORT").WithEnvironment("KEY", $"a{key}").WithEnvironment("COLOUR", "red");
        await using var application = await RunningApplication.StartAsync(builder);
        var app = await application.WaitAsync("app", r => r.Health == "Healthy");
        app.Type.ShouldBe("Executable");
        app.State.ShouldBe("Running");
        app.Pids.Count.ShouldBe(1);
        app.Endpoints.ShouldHaveSingleItem().Url.ShouldStartWith("http://127.0.0.1:");
        app.Environment.ShouldContain(new SeenVariable("COLOUR", "red", IsSecret: false));
        app.Environment.ShouldContain(new SeenVariable("KEY", "********", IsSecret: true));
        app.Environment.ShouldContain(v => v.Name == "PORT");
        (await application.Api.GetStringAsync("/api/resources", TestContext.Current.CancellationToken)).ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Without_the_key_nothing_is_shown(string? key)
    {
        await using var application = await RunningApplication.StartAsync(RunningApplication.Builder(_folder));
        using var client = new HttpClient { BaseAddress = application.Api.BaseAddress };
        if (key is not null) client.DefaultRequestHeaders.Add("x-resource-api-key", key);
        foreach (var path in new[] { "/api/resources", "/api/resources/app/logs", "/events" })
        {
            using var answer = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }
    }

    [Fact]
    public async Task The_last_lines_are_shown_with_their_stream()
    {
        var builder = RunningApplication.Builder(_folder);
        builder.AddExecutable("app", "sh", "/", "-c", "for i in 1 2 3; do echo out $i; done; echo bad >&2; exec sleep 300");
        await using var application = await RunningApplication.StartAsync(builder);
        var lines = await Eventually.GetAsync(
            async () => (await application.Api.GetFromJsonAsync<List<Line>>("/api/resources/app/logs?tail=100", JsonSerializerOptions.Web, TestContext.Current.CancellationToken))!,
            l => l.Count >= 4, "it has printed");
        lines.Where(l => l.Stream == "output").Select(l => l.Text).ShouldBe(["out 1", "out 2", "out 3"]);
        lines.Where(l => l.Stream == "error").Select(l => l.Text).ShouldBe(["bad"]);
        File.Exists(Path.Combine(_folder.Path, "logs", "app.log")).ShouldBeTrue();
        (await application.Api.GetAsync("/api/resources/app/logs?tail=0", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await application.Api.GetAsync("/api/resources/nobody/logs", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_resource_is_started_restarted_and_stopped_on_request()
    {
        var builder = RunningApplication.Builder(_folder);
        builder.AddExecutable("app", "sleep", "/", "300").WithExplicitStart();
        await using var application = await RunningApplication.StartAsync(builder);
        (await application.GetAsync("app")).State.ShouldBe("NotStarted");

        (await CommandAsync(application, "app", "start")).ShouldBe(HttpStatusCode.Accepted);
        var started = await application.WaitAsync("app", r => r.Health == "Healthy");
        (await CommandAsync(application, "app", "restart")).ShouldBe(HttpStatusCode.Accepted);
        var restarted = await application.WaitAsync("app", r => r.Health == "Healthy" && r.Pids.Count == 1 && r.Pids[0] != started.Pids[0]);
        restarted.Restarts.ShouldBe(0);
        (await CommandAsync(application, "app", "stop")).ShouldBe(HttpStatusCode.Accepted);
        (await application.WaitAsync("app", r => r.State == "Exited")).Pids.ShouldBeEmpty();

        (await CommandAsync(application, "nobody", "stop")).ShouldBe(HttpStatusCode.NotFound);
        (await CommandAsync(application, "app", "explode")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Changes_are_told_as_they_happen()
    {
        var builder = RunningApplication.Builder(_folder);
        builder.AddExecutable("app", "sleep", "/", "300").WithExplicitStart();
        await using var application = await RunningApplication.StartAsync(builder);
        await using var stream = await application.Api.GetStreamAsync("/events", TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        var first = await NextAsync(reader);
        await CommandAsync(application, "app", "start");
        (await NextAsync(reader)).ShouldBeGreaterThan(first);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<HttpStatusCode> CommandAsync(RunningApplication application, string name, string command)
    {
        using var answer = await application.Api.PostAsync($"/api/resources/{name}/{command}", content: null, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static async Task<long> NextAsync(StreamReader reader)
    {
        (await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldBe("event: changed");
        var data = (await reader.ReadLineAsync(TestContext.Current.CancellationToken))!;
        await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        var change = JsonDocument.Parse(data["data: ".Length..]).RootElement;
        change.GetProperty("topic").GetString().ShouldBe("resources");
        return change.GetProperty("version").GetInt64();
    }

    private sealed record Line(DateTimeOffset At, string Stream, [property: System.Text.Json.Serialization.JsonPropertyName("line")] string Text);
}
