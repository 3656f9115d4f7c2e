using System.Diagnostics;

namespace Conductor.EndToEnd.Tests;

/// <summary>Waits for conditions of other processes, with a deadline.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan limit, string what)
    {
        var watch = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        string? trouble;
        while ((trouble = await TroubleAsync(condition)) is not null)
        {
            if (watch.Elapsed > limit) Assert.Fail($"not within {limit}: {what} ({trouble})");
            await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    // A service that is just starting may answer with an error: that counts as not yet, and is told at the deadline.
    private static async Task<string?> TroubleAsync(Func<Task<bool>> condition)
    {
        try
        {
            return await condition() ? null : "not so";
        }
        catch (HttpRequestException e)
        {
            return e.Message;
        }
    }
}
