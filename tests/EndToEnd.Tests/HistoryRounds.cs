using System.Globalization;
using Conductor.Engines;

namespace Conductor.EndToEnd.Tests;

/// <summary><c>./bench history</c>: a platform with very many finished executions beside those that run.</summary>
[EndToEnd]
public sealed class HistoryRounds
{
    private const double Loss = 0.10;
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);
    private static readonly long Count =
        long.Parse(Environment.GetEnvironmentVariable("CONDUCTOR_HISTORY") ?? "1000000", NumberStyles.None, CultureInfo.InvariantCulture);
    private readonly List<string> _beyond = [];

    [Fact(Explicit = true)]
    public async Task What_has_ended_costs_neither_work_nor_looking_at_it_anything()
    {
        await using var platform = await Platform.StartAsync("--no-dashboard", "--no-demo");
        var load = new HistoryLoad(platform.Workflows);
        var history = new FinishedHistory(platform);
        // Both measurements begin alike, with a database that was just tidied up and loads that are not counted: the history is all that differs.
        await history.TidyAsync();
        var before = await load.TasksPerSecondAsync();
        await history.FillAsync(Count);
        await history.TidyAsync();
        var after = await load.TasksPerSecondAsync();
        Tell($"{Count:N0} finished executions ({await history.SizeAsync()})", "without", "with", "bar");
        Tell("tasks/s (median of 3)", $"{before:N0}", $"{after:N0}", $"-{Loss:P0}", after >= before * (1 - Loss));
        Tell("", "median", "slowest", "bar");
        await using var reads = await HistoryReads.CreateAsync(platform);
        foreach (var (what, median, slowest) in await reads.MeasureAsync())
            Tell(what, $"{median.TotalMilliseconds:N1} ms", $"{slowest.TotalMilliseconds:N1} ms", $"{Longest.TotalMilliseconds:N0} ms", median < Longest);
        _beyond.ShouldBeEmpty();
    }

    private void Tell(string what, string first, string second, string bar, bool isMet = true)
    {
        if (!isMet) _beyond.Add(what);
        Console.WriteLine($"{what,-64} {first,12} {second,12} {bar,8} {(isMet ? "" : "BEYOND")}");
    }
}
