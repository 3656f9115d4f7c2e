using System.Diagnostics;
using System.Text.Json;

namespace Conductor.EndToEnd.Tests;

/// <summary>The load generator of the shared data: 2,000 workflows of 5 tasks in sequence.</summary>
internal sealed class HistoryLoad(Uri server)
{
    private const int Times = 3;

    /// <summary>The median of a few runs, in tasks per second, after as many that are not counted.</summary>
    public async Task<double> MedianAsync()
    {
        for (var i = 0; i < Times; i++) await RunAsync();
        var runs = new List<double>();
        for (var i = 0; i < Times; i++) runs.Add(await RunAsync());
        return runs.Order().ElementAt(Times / 2);
    }

    /// <summary>One run, which loses nothing.</summary>
    private async Task<double> RunAsync()
    {
        var script = Path.Combine(Environment.GetEnvironmentVariable("CONDUCTOR_SHARED") ?? "", "bench/conductor-load.mjs");
        Assert.SkipUnless(File.Exists(script), "the load generator is not here (CONDUCTOR_SHARED)");
        using var node = Process.Start(new ProcessStartInfo("node",
            [script, "--url", $"{server}api", "--workflows", "2000", "--steps", "5", "--starters", "16", "--pollers", "2", "--batch", "50"])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        var output = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Console.WriteLine(output.Trim());
        node.ExitCode.ShouldBe(0, output);
        return JsonElement.Parse(output).GetProperty("tasks_per_s").GetDouble();
    }
}
