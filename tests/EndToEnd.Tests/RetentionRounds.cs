using System.Globalization;
using Conductor.Engines;

namespace Conductor.EndToEnd.Tests;

/// <summary><c>./bench retention</c>: very many executions are archived and removed beside those that run.</summary>
[EndToEnd]
public sealed class RetentionRounds
{
    private const double Slower = 1.5;
    private static readonly long Count =
        long.Parse(Environment.GetEnvironmentVariable("CONDUCTOR_HISTORY") ?? "100000", NumberStyles.None, CultureInfo.InvariantCulture);

    [Fact(Explicit = true)]
    public async Task Steps_take_no_longer_while_what_is_old_is_removed()
    {
        await using var platform = await Platform.StartAsync("--no-dashboard", "--no-demo", "--Retention:Every", "00:00:01");
        var load = new HistoryLoad(platform.Workflows);
        var history = new FinishedHistory(platform);
        await history.FillAsync(Count);
        await history.TidyAsync();
        await load.SlowestHundredthAsync();
        var before = await load.SlowestHundredthAsync();
        await history.ExpireAsync();
        await Eventually.IsTrueAsync(async () => await history.CountAsync() < Count, "executions are removed", seconds: 120);
        var there = await history.CountAsync();
        var during = await load.SlowestHundredthAsync();
        var left = await history.CountAsync();
        Console.WriteLine($"p99 of a step: {before:0.0} ms before, {during:0.0} ms while {there - left:N0} executions were removed ({left:N0} left)");
        left.ShouldBeInRange(1, there - 1);
        during.ShouldBeLessThanOrEqualTo(Slower * before);
    }
}
