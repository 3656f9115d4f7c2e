using System.Diagnostics;

namespace Conductor.Worker.Tests;

internal static class Eventually
{
    /// <summary>Asks again until <paramref name="condition"/> holds, for at most 30 s.</summary>
    public static async Task IsTrueAsync(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(30)) throw new TimeoutException($"not within 30 s: {what}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
