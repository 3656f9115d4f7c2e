using System.Diagnostics;

namespace Conductor.EndToEnd.Tests;

/// <summary>Waits for conditions of other processes, with a deadline.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan limit, string what)
    {
        var watch = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        while (!await condition())
        {
            if (watch.Elapsed > limit) Assert.Fail($"not within {limit}: {what}");
            await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
