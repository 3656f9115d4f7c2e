using System.Diagnostics;
using Conductor.Engines;
using Conductor.Testing;

namespace Conductor.EndToEnd.Tests;

/// <summary><c>./bench kill-platform</c>: every process of a platform is killed, again and again.</summary>
[EndToEnd]
public sealed class KillRounds
{
    private static readonly string[] Services = ["workflows", "pipelines", "console"];
    private readonly Dictionary<string, List<double>> _seconds = [];
    private static readonly int Rounds = KillSettings.Rounds(1);

    [Fact(Explicit = true)]
    public async Task Whatever_is_killed_all_is_well_again_and_nothing_is_left_over()
    {
        var platform = await Platform.StartAsync("--no-dashboard");
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var victim in new[] { "postgres", "rabbitmq", "workflows", "pipelines", "console", "payments", "demo" })
                    await MeasureAsync(victim, () => ComesAgainAsync(platform, victim));
            }
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var victim in new[] { "dcp", "apphost" })
                    await MeasureAsync(victim, async () => platform = await StartsAnewAsync(platform, victim));
            }
            var last = platform.Processes();
            await platform.StopAsync();
            last.ShouldAllBe(p => !Platform.Lives(p));
            Engines(platform.Data).ShouldBeEmpty();
        }
        finally
        {
            await platform.DisposeAsync();
        }
    }

    private async Task MeasureAsync(string victim, Func<Task> kill)
    {
        var watch = Stopwatch.StartNew();
        await kill();
        if (!_seconds.TryGetValue(victim, out var times)) _seconds[victim] = times = [];
        times.Add(watch.Elapsed.TotalSeconds);
        TestContext.Current.SendDiagnosticMessage(
            $"{victim}: killed {times.Count} times, well again after {times.Min():0.0} to {times.Max():0.0} s, median {times.Median():0.0} s");
    }

    private static async Task<Platform> StartsAnewAsync(Platform platform, string victim)
    {
        var left = platform.Processes();
        var apphost = left.Single(p => p.Id == platform.ProcessId("apphost"));
        await platform.KillAsync(victim);
        await Eventually.IsTrueAsync(() => !Platform.Lives(apphost), "the AppHost has ended");
        var again = await platform.StartAgainAsync("--no-dashboard");
        left.ShouldAllBe(p => !Platform.Lives(p));
        await HealthyAsync(again);
        return again;
    }

    private static async Task ComesAgainAsync(Platform platform, string victim)
    {
        await platform.KillAndSeeAgainAsync(victim);
        await HealthyAsync(platform);
    }

    /// <summary>Waits until every service says that it can work.</summary>
    internal static async Task HealthyAsync(Platform platform)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        foreach (var service in Services)
        {
            await Eventually.IsTrueAsync(
                async () =>
                {
                    try
                    {
                        using var answer = await client.GetAsync(new Uri(platform.Service(service), "health"), TestContext.Current.CancellationToken);
                        return answer.IsSuccessStatusCode;
                    }
                    catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
                    {
                        return false;
                    }
                },
                $"{service} is healthy", seconds: 120);
        }
    }

    /// <summary>Processes that still work in the data folder.</summary>
    private static IEnumerable<string> Engines(string data) => Directory.EnumerateDirectories("/proc").Where(p => char.IsDigit(Path.GetFileName(p)[0]))
        .Select(p => new FileInfo(Path.Combine(p, "cwd")).LinkTarget).OfType<string>().Where(folder => folder.StartsWith(data, StringComparison.Ordinal));
}
