using System.Diagnostics;
using System.Text.Json;

namespace Conductor.EndToEnd.Tests;

/// <summary>The load generator of the shared data: workflows of 5 tasks in sequence.</summary>
internal sealed class HistoryLoad(Uri server)
{
    private const int Times = 3;

    private static readonly string[] Flood = ["--workflows", "2000", "--starters", "16", "--pollers", "2", "--batch", "50"];
    private static readonly string[] Steady = ["--workflows", "2000", "--clients", "16"];

    /// <summary>The median of a few runs of as many tasks as it can take, in tasks per second, after as many runs that are not counted.</summary>
    public async Task<double> MedianAsync()
    {
        for (var i = 0; i < Times; i++) await RunAsync(Flood);
        var runs = new List<double>();
        for (var i = 0; i < Times; i++) runs.Add((await RunAsync(Flood)).GetProperty("tasks_per_s").GetDouble());
        return runs.Order().ElementAt(Times / 2);
    }

    /// <summary>16 clients, each with one execution at a time: within how many milliseconds 99 of 100 steps are taken up.</summary>
    public async Task<double> SlowestHundredthAsync() => (await RunAsync(Steady)).GetProperty("step_ms").GetProperty("p99").GetDouble();

    /// <summary>One run, which loses nothing.</summary>
    private async Task<JsonElement> RunAsync(string[] options)
    {
        var script = Path.Combine(Environment.GetEnvironmentVariable("CONDUCTOR_SHARED") ?? "", "bench/conductor-load.mjs");
        Assert.SkipUnless(File.Exists(script), "the load generator is not here (CONDUCTOR_SHARED)");
        using var node = Process.Start(new ProcessStartInfo("node",
            [script, "--url", $"{server}api", "--steps", "5", .. options])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        var output = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Console.WriteLine(output.Trim());
        node.ExitCode.ShouldBe(0, output);
        return JsonElement.Parse(output);
    }
}
