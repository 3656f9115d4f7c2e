using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Conductor.Alerts;
using Conductor.Domain.Streams.Alerts;
using Conductor.Engines;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Conductor.EndToEnd.Tests;

[EndToEnd]
public sealed class ConsoleTopicTests(KafkaServer kafka) : IClassFixture<KafkaServer>
{
    private const int First = 100;
    private const int More = 1_500;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_console_shows_topics_of_both_brokers_and_the_lag_of_a_group_that_catches_up()
    {
        await using var platform = await Platform.StartAsync("--no-demo", "--no-dashboard", $"--ConnectionStrings:kafka={kafka.ConnectionString}");
        using var pipelines = new HttpClient { BaseAddress = platform.Pipelines };
        var packets = Directory.CreateDirectory(Path.Combine(platform.Data, "pipelines", "packets")).FullName;
        Generate(packets, 0, First);
        foreach (var broker in new[] { "rabbitmq", "kafka" })
        {
            foreach (var name in await RegisterAsync(pipelines, broker)) await OrderAsync(pipelines, name, "start");
            await HasReadAsync(pipelines, $"copy-{broker}", First);
            await OrderAsync(pipelines, $"copy-{broker}", "stop");
        }
        Generate(packets, First, More);
        await Browsers.VisitAsync(async page =>
        {
            await page.GotoAsync(platform.Login.ToString());
            foreach (var broker in new[] { "rabbitmq", "kafka" })
            {
                await HasReadAsync(pipelines, $"feed-{broker}", First + More);
                await page.GetByRole(AriaRole.Link, new() { Name = "Topics" }).First.ClickAsync();
                await page.Locator($"a[href='/topics/{broker}/packets.{broker}']").ClickAsync();
                var lag = page.GetByLabel("Groups").Locator("tbody tr td.right").Nth(1);
                await Expect(lag).ToHaveTextAsync("1,500", new() { Timeout = 60_000 });
                await page.PhotographAsync($"topic-{broker}-waits");
                await OrderAsync(pipelines, $"copy-{broker}", "start");
                await Expect(lag).ToHaveTextAsync("0", new() { Timeout = 120_000 });
                await page.PhotographAsync($"topic-{broker}-caught-up");
            }
        });
    }

    private static void Generate(string folder, int first, int count)
    {
        var generator = new AlertGenerator(AlertSchemas.Ztf, 7);
        var night = new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero);
        for (var i = first; i < first + count; i++)
            File.WriteAllBytes(Path.Combine(folder, $"{i:D8}.avro"), generator.Packet(generator.Generate(i, night.AddSeconds(i))).ToArray());
    }

    private static async Task<string[]> RegisterAsync(HttpClient pipelines, string broker)
    {
        string[] names = [$"feed-{broker}", $"copy-{broker}"];
        string[] components =
        [
            $"{{ type: processing-node, source: {{ folder: packets }}, sinks: {{ topic: {{ topic: packets.{broker} }} }} }}",
            $"{{ type: processing-node, source: {{ topic: packets.{broker} }}, sinks: {{ topic: {{ topic: copies.{broker} }} }} }}",
        ];
        foreach (var (name, component) in names.Zip(components))
        {
            using var yaml = new StringContent($"name: {name}\nbroker: {broker}\ncomponents:\n  node: {component}\n", Encoding.UTF8, "application/yaml");
            using var answer = await pipelines.PostAsync("/api/pipelines", yaml, Cancel);
            answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Cancel));
        }
        return names;
    }

    private static async Task OrderAsync(HttpClient pipelines, string name, string verb)
    {
        using var answer = await pipelines.PostAsync($"/api/pipelines/{name}/{verb}", null, Cancel);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Cancel));
        var state = verb == "start" ? "Running" : "Stopped";
        await Eventually.BecomesAsync(async () => (await FindAsync(pipelines, name)).GetProperty("state").GetString(), now => now == state);
    }

    private static Task HasReadAsync(HttpClient pipelines, string name, long count) => Eventually.BecomesAsync(
        async () => (await FindAsync(pipelines, name)).GetProperty("components")[0].GetProperty("counters").GetProperty("read").GetInt64(),
        read => read >= count, seconds: 120);

    private static Task<JsonElement> FindAsync(HttpClient pipelines, string name) => pipelines.GetFromJsonAsync<JsonElement>($"/api/pipelines/{name}", Cancel);
}
