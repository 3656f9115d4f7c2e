using System.Diagnostics;

namespace Conductor.Postgres.Tests.Messaging;

internal static class Eventually
{
    /// <summary>Waits until a value is as expected, and fails with the last one after the deadline.</summary>
    public static async Task<T> BecomesAsync<T>(Func<Task<T>> value, Func<T, bool> expected, int seconds = 60)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var now = await value();
            if (expected(now)) return now;
            Stopwatch.GetElapsedTime(started).TotalSeconds.ShouldBeLessThan(seconds, $"still {now}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public static Task<T> BecomesAsync<T>(Func<T> value, Func<T, bool> expected, int seconds = 60) =>
        BecomesAsync(() => Task.FromResult(value()), expected, seconds);
}
