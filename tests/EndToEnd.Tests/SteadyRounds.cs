using System.Diagnostics;
using System.Globalization;
using Conductor.Engines;

namespace Conductor.EndToEnd.Tests;

/// <summary>
/// <c>./bench steady</c>: an hour of the same load, executions removed as fast as they end. Once the first of them go, no table and no index grows any
/// more, and steps take no longer at the end than they did then.
/// </summary>
[EndToEnd]
public sealed class SteadyRounds
{
    private const double Larger = 1.25;
    private const double Slower = 1.2;
    // What fits into this is not looked at: a few pages more are no growth.
    private const long Small = 4 << 20;
    private static readonly double Minutes = double.Parse(
        Environment.GetEnvironmentVariable("CONDUCTOR_STEADY_MINUTES") ?? "60", NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
    private readonly TimeSpan _window = TimeSpan.FromMinutes(Minutes / 12);
    private readonly List<Window> _windows = [];

    [Fact(Explicit = true)]
    public async Task Nothing_grows_and_nothing_gets_slower_under_a_steady_load()
    {
        // Kept for as long as two windows: from the fourth on as many go as come.
        await using var platform = await Platform.StartAsync(
            "--no-dashboard", "--no-demo", "--Retention:Every", "00:00:05", "--Retention:Period", (2 * _window).ToString("c", CultureInfo.InvariantCulture));
        var load = new HistoryLoad(platform.Workflows);
        while (_windows.Count < 12) _windows.Add(await MeasureAsync(platform, load));
        Window[] early = [.. _windows.Skip(3).Take(3)], late = [.. _windows.TakeLast(3)];
        var beyond = new List<string>();
        foreach (var table in late[^1].Sizes.Keys)
        {
            Judge(beyond, table, Most(early, table, size => size.Rows), Most(late, table, size => size.Rows));
            Judge(beyond, $"indexes of {table}", Most(early, table, size => size.Indexes), Most(late, table, size => size.Indexes));
        }
        var (before, after) = (Array.ConvertAll(early, w => w.SlowestHundredth).Median(), Array.ConvertAll(late, w => w.SlowestHundredth).Median());
        Console.WriteLine($"p99 of a step: {before:0.0} ms in windows 4 to 6, {after:0.0} ms in windows 10 to 12");
        beyond.ShouldBeEmpty();
        after.ShouldBeLessThanOrEqualTo(Slower * before);
    }

    private async Task<Window> MeasureAsync(Platform platform, HistoryLoad load)
    {
        var (clock, runs) = (Stopwatch.StartNew(), new List<(double TasksPerSecond, double SlowestHundredth)>());
        while (clock.Elapsed < _window) runs.Add(await load.SteadyAsync());
        var window = new Window(
            runs.ConvertAll(run => run.TasksPerSecond).Median(), runs.ConvertAll(run => run.SlowestHundredth).Median(), await TableSizes.ReadAsync(platform));
        Console.WriteLine(
            $"window {_windows.Count + 1}: {window.TasksPerSecond:N0} tasks/s, p99 {window.SlowestHundredth:0.0} ms, "
            + string.Join(", ", window.Sizes.Where(s => s.Value.Rows > Small).Select(s => $"{s.Key} {s.Value.Rows >> 10:N0} + {s.Value.Indexes >> 10:N0} kB")));
        return window;
    }

    private static void Judge(List<string> beyond, string what, long before, long after)
    {
        if (after > Small && after > Larger * before) beyond.Add($"{what}: {before:N0} bytes, then {after:N0}");
    }

    private static long Most(Window[] windows, string table, Func<(long Rows, long Indexes), long> size) =>
        windows.Max(window => size(window.Sizes.GetValueOrDefault(table)));

    private sealed record Window(double TasksPerSecond, double SlowestHundredth, IReadOnlyDictionary<string, (long Rows, long Indexes)> Sizes);
}
