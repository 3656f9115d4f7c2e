using System.Diagnostics;
using System.Text.Json;

namespace Conductor.EndToEnd.Tests;

/// <summary>The load generator of the shared data: workflows of 5 tasks in sequence.</summary>
internal sealed class HistoryLoad(Uri server)
{
    private static readonly string[] Flood = ["--workflows", "2000", "--starters", "16", "--pollers", "2", "--batch", "50"];
    private static readonly string[] Steady = ["--workflows", "2000", "--clients", "16"];

    /// <summary>As many tasks as it can take, in tasks per second: the median of three runs, after as many that are not counted.</summary>
    public async Task<double> TasksPerSecondAsync()
    {
        for (var i = 0; i < 3; i++) await RunAsync(Flood);
        return await MedianAsync(3, Flood, run => run.GetProperty("tasks_per_s"));
    }

    /// <summary>16 clients, each with one execution at a time: within how many milliseconds 99 of 100 steps are taken up; the median of five runs.</summary>
    public Task<double> SlowestHundredthAsync() => MedianAsync(5, Steady, run => run.GetProperty("step_ms").GetProperty("p99"));

    /// <summary>The same, once: tasks per second, and milliseconds within which 99 of 100 steps are taken up.</summary>
    public async Task<(double TasksPerSecond, double SlowestHundredth)> SteadyAsync()
    {
        var run = await RunAsync(Steady);
        return (run.GetProperty("tasks_per_s").GetDouble(), run.GetProperty("step_ms").GetProperty("p99").GetDouble());
    }

    private async Task<double> MedianAsync(int times, string[] options, Func<JsonElement, JsonElement> figure)
    {
        var runs = new List<double>();
        for (var i = 0; i < times; i++) runs.Add(figure(await RunAsync(options)).GetDouble());
        return runs.Median();
    }

    /// <summary>One run, which loses nothing.</summary>
    private async Task<JsonElement> RunAsync(string[] options)
    {
        var script = Path.Combine(Environment.GetEnvironmentVariable("CONDUCTOR_SHARED") ?? "", "bench/conductor-load.mjs");
        Assert.SkipUnless(File.Exists(script), "the load generator is not here (CONDUCTOR_SHARED)");
        using var node = Process.Start(new ProcessStartInfo("node", [script, "--url", $"{server}api", "--steps", "5", .. options])
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
