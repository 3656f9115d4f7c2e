using System.Text.Json;
using Conductor.Engines;

namespace Conductor.EndToEnd.Tests;

[EndToEnd]
public sealed class DemoTests(DemoPlatform demo)
{
    [Fact]
    public async Task Checkouts_run_to_their_end_and_alerts_flow_within_a_minute_of_the_start()
    {
        var platform = await demo.StartedAsync();
        using var client = new HttpClient();
        await Eventually.IsTrueAsync(() => Answers(async () => (await Completed(client, platform)) > 0), "a checkout is completed");
        await Eventually.IsTrueAsync(() => Answers(async () => (await Read(client, platform)) > 0), "alerts are read by a pipeline");
        await Eventually.IsTrueAsync(() => Answers(async () => await Balanced(client, platform)), "what was read is passed, skipped or dead-lettered");
    }

    [Fact]
    public async Task Every_service_is_healthy_and_tells_its_metrics_and_its_API()
    {
        var platform = await demo.StartedAsync();
        using var client = new HttpClient();
        foreach (var address in new[] { platform.Workflows, platform.Pipelines, new Uri(platform.Login.GetLeftPart(UriPartial.Authority)) })
        {
            foreach (var path in new[] { "health", "alive", "metrics" })
            {
                using var response = await client.GetAsync(new Uri(address, path), TestContext.Current.CancellationToken);
                response.IsSuccessStatusCode.ShouldBeTrue($"{address}{path}: {response.StatusCode}");
            }
        }
        (await client.GetStringAsync(new Uri(platform.Workflows, "openapi/v1.json"), TestContext.Current.CancellationToken)).ShouldContain(
            "/api/tasks/update-v2");
    }

    // A service that is just starting may answer with an error: that counts as not yet.
    private static async Task<bool> Answers(Func<Task<bool>> condition)
    {
        try
        {
            return await condition();
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<long> Completed(HttpClient client, Platform platform) =>
        (await Json(client, new Uri(platform.Workflows, "api/workflow/search?size=1&query=status%3DCOMPLETED"))).GetProperty("totalHits").GetInt64();

    private static async Task<long> Read(HttpClient client, Platform platform) => (await Counters(client, platform)).Sum(c => Counter(c, "read"));

    private static async Task<bool> Balanced(HttpClient client, Platform platform)
    {
        var counters = (await Counters(client, platform)).Where(c => Counter(c, "read") > 0).ToList();
        return counters.Count > 0 && counters.TrueForAll(c => Counter(c, "read") == Counter(c, "passed") + Counter(c, "skipped") + Counter(c, "deadLettered"));
    }

    private static async Task<List<JsonElement>> Counters(HttpClient client, Platform platform) =>
        [.. (await Json(client, new Uri(platform.Pipelines, "api/pipelines"))).GetProperty("items").EnumerateArray()
            .SelectMany(p => p.GetProperty("components").EnumerateArray()).Select(c => c.GetProperty("counters"))
            .Where(c => c.ValueKind == JsonValueKind.Object)];

    private static long Counter(JsonElement counters, string name) => counters.TryGetProperty(name, out var value) ? value.GetInt64() : 0;

    private static async Task<JsonElement> Json(HttpClient client, Uri address) =>
        JsonElement.Parse(await client.GetStringAsync(address, TestContext.Current.CancellationToken));
}
