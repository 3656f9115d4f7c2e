using System.Net;
using Conductor.Demo.Alerts;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.Samples.Tests.Demo;

public sealed class AlertPipelineTests
{
    private static readonly (HttpStatusCode, string) Fine = (HttpStatusCode.Accepted, "");

    [Fact]
    public async Task A_new_pipeline_is_registered_started_and_waited_for()
    {
        var states = new Queue<(HttpStatusCode, string)>([(HttpStatusCode.NotFound, ""), State("Validated"), State("Provisioning"), State("Running")]);
        (await CallsAsync(call => call.StartsWith("GET", StringComparison.Ordinal) ? states.Dequeue() : Fine)).ShouldBe(
        [
            "GET /api/pipelines/demo-alerts", "POST /api/pipelines", "GET /api/pipelines/demo-alerts", "POST /api/pipelines/demo-alerts/start",
            "GET /api/pipelines/demo-alerts", "GET /api/pipelines/demo-alerts",
        ]);
    }

    [Fact]
    public async Task A_pipeline_that_somebody_stopped_stays_so() =>
        (await CallsAsync(_ => State("Stopped"))).ShouldBe(["GET /api/pipelines/demo-alerts"]);

    [Fact]
    public async Task A_definition_that_is_refused_is_an_error_with_what_the_service_says() =>
        (await Should.ThrowAsync<HttpRequestException>(() => CallsAsync(call =>
            call.StartsWith("GET", StringComparison.Ordinal) ? (HttpStatusCode.NotFound, "") : (HttpStatusCode.BadRequest, "no such processor"))))
        .Message.ShouldBe("/api/pipelines: 400 no such processor");

    private static async Task<List<string>> CallsAsync(Func<string, (HttpStatusCode, string)> answer)
    {
        var time = new FakeTimeProvider();
        using var server = new StandInServer(time, answer);
        var ensured = new AlertPipeline(server.Client(), time).EnsureAsync(TestContext.Current.CancellationToken);
        var calls = new List<string>();
        while (!ensured.IsCompleted || server.HasMore)
        {
            if (server.HasMore) calls.Add(string.Join(' ', (await server.NextAsync()).Split(' ').Take(2)));
            else time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }
        await ensured;
        return calls;
    }

    private static (HttpStatusCode, string) State(string state) => (HttpStatusCode.OK, $$"""{"state":"{{state}}"}""");
}
