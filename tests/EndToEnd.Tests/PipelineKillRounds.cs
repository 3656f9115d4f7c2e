using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Conductor.Engines;
using Conductor.Pipelines.Tests.Service;
using Conductor.Testing;

namespace Conductor.EndToEnd.Tests;

/// <summary>
/// <c>./bench kill-pipelines</c>: steady records through a running platform's pipelines (folder, topic, filter to files and a topic, topic to topic,
/// files), while the pipelines service, PostgreSQL and RabbitMQ are killed at random moments: every record lands once.
/// </summary>
[EndToEnd]
public sealed class PipelineKillRounds(ITestOutputHelper output)
{
    private const string Name = "steady";
    private const int PerWrite = 10;
    private static readonly TimeSpan WriteEvery = TimeSpan.FromMilliseconds(200);
    private static readonly string[] Victims = ["pipelines", "postgres", "rabbitmq"];
    private static readonly int Rounds = KillSettings.Rounds(3);
    private static readonly int Seed = KillSettings.Seed();

    private const string Yaml = """
        name: steady
        components:
          buffer: { type: stream-buffer, topics: { alerts: { partitions: 3 }, known: { partitions: 2 }, passed: { partitions: 2 } } }
          read: { type: processing-node, source: { folder: in }, sinks: { out: { topic: alerts } }, checkpoint: { every: 500ms } }
          filter:
            type: processing-node
            instances: 2
            source: { topic: alerts }
            processors: { known: { class: solar-system-filter, params: { action: include } } }
            sinks: { files: { folder: filtered }, stream: { topic: known } }
            checkpoint: { every: 500ms }
          pass: { type: processing-node, source: { topic: known }, sinks: { out: { topic: passed } }, checkpoint: { every: 500ms } }
          land: { type: processing-node, source: { topic: passed }, sinks: { files: { folder: landed } }, checkpoint: { every: 500ms } }
        """;

    [Fact(Explicit = true)]
    public async Task Whatever_is_killed_under_steady_records_every_one_lands_once()
    {
        output.WriteLine($"seed {Seed} (CONDUCTOR_KILL_SEED), {Rounds} rounds");
        var random = new Random(Seed);
        await using var platform = await Platform.StartAsync("--no-demo", "--no-dashboard");
        using var client = new HttpClient { BaseAddress = platform.Pipelines, Timeout = TimeSpan.FromSeconds(5) };
        var folder = Path.Combine(platform.Data, "pipelines");
        await StartAsync(client, Path.Combine(folder, "in"));
        using var enough = new CancellationTokenSource();
        var writing = WriteAsync(Path.Combine(folder, "in"), enough.Token);
        // RabbitMQ saves its stream coordinator's name half a second after the first stream came: killed before, it does not find any stream again.
        await ComeThroughAsync(client, 20, "before the first kill");
        var kills = new Dictionary<string, int>();
        for (var round = 1; round <= Rounds; round++)
        {
            await ComeThroughAsync(client, random.Next(1, 10), $"in round {round}");
            var victim = Victims[random.Next(Victims.Length)];
            kills[victim] = kills.GetValueOrDefault(victim) + 1;
            output.WriteLine($"round {round}: kill -9 of {victim} at {await ReadAsync(client, "land")} records");
            await platform.KillAndSeeAgainAsync(victim);
        }
        await enough.CancelAsync();
        var written = await writing;
        await LandsAsync(client, folder, written);
        var killed = string.Join(", ", kills.Select(k => $"{k.Key} {k.Value}"));
        output.WriteLine($"{written} records, kills: {killed}; copies dropped: {await CopiesAsync(client)}");
    }

    // One in five passes the filter. What is only read does not count: a source goes on while nothing behind it does.
    private static async Task ComeThroughAsync(HttpClient client, int more, string when)
    {
        var seen = await Eventually.BecomesAsync<long?>(() => ReadAsync(client, "land"), read => read is not null);
        await Eventually.IsTrueAsync(async () => await ReadAsync(client, "land") >= seen + more, $"records come through {when}", seconds: 180);
    }

    private static async Task StartAsync(HttpClient client, string inbox)
    {
        Directory.CreateDirectory(inbox);
        (await client.PostAsync("/api/pipelines", new StringContent(Yaml, Encoding.UTF8, "application/yaml"), Cancel)).EnsureSuccessStatusCode();
        (await client.PostAsync($"/api/pipelines/{Name}/start", content: null, Cancel)).EnsureSuccessStatusCode();
    }

    private static async Task<int> WriteAsync(string inbox, CancellationToken enough)
    {
        using var timer = new PeriodicTimer(WriteEvery);
        var written = 0;
        while (!enough.IsCancellationRequested)
        {
            Packets.Generate(inbox, PerWrite, first: written);
            written += PerWrite;
            await ((Task)timer.WaitForNextTickAsync(enough).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return written;
    }

    private async Task LandsAsync(HttpClient client, string folder, int written)
    {
        await Eventually.BecomesAsync(() => ReadAsync(client, "read"), read => read >= written, seconds: 240);
        await Eventually.BecomesAsync(() => ReadAsync(client, "filter"), read => read >= written, seconds: 240);
        (await ReadAsync(client, "read"), await ReadAsync(client, "filter")).ShouldBe((written, written));
        var passed = (long)(await ComponentAsync(client, "filter"))!["counters"]!["passed"]!;
        await Eventually.BecomesAsync(() => ReadAsync(client, "land"), read => read >= passed, seconds: 240);
        (await client.PostAsync($"/api/pipelines/{Name}/stop", content: null, Cancel)).EnsureSuccessStatusCode();
        await Eventually.IsTrueAsync(async () => (string?)(await FindAsync(client))?["state"] == "Stopped", "it has stopped");

        var known = Packets.Known(written);
        passed.ShouldBe(known.Count);
        foreach (var place in new[] { "filtered", "landed" })
        {
            var found = Packets.Candids(Path.Combine(folder, place));
            known.Except(found).ShouldBeEmpty($"nothing is lost in {place}");
            found.GroupBy(c => c).Where(g => g.Count() > 1).ShouldBeEmpty($"nothing is twice in {place}");
            found.Count.ShouldBe(known.Count);
            output.WriteLine($"{place}: {found.Count} of {known.Count}, each once");
        }
    }

    private static async Task<long?> ReadAsync(HttpClient client, string component) => (long?)(await ComponentAsync(client, component))?["counters"]!["read"];

    private static async Task<long> CopiesAsync(HttpClient client) =>
        (await FindAsync(client))!["components"]!.AsArray().Sum(c => (long?)c!["counters"]?["copies"] ?? 0);

    private static async Task<JsonNode?> ComponentAsync(HttpClient client, string component) =>
        (await FindAsync(client))?["components"]!.AsArray().Single(c => (string?)c!["name"] == component);

    // Null while what it needs is away.
    private static async Task<JsonNode?> FindAsync(HttpClient client)
    {
        try
        {
            return await client.GetFromJsonAsync<JsonNode>($"/api/pipelines/{Name}", Cancel);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
