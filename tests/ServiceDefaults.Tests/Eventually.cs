using System.Diagnostics;

namespace Conductor.ServiceDefaults.Tests;

internal static class Eventually
{
    /// <summary>Asks again until <paramref name="ask"/> answers, for at most 30 s.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> ask, string what)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(30))
        {
            if (await ask() is { } answer) return answer;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException($"not within 30 s: {what}");
    }

    public static Task IsTrueAsync(Func<bool> condition, string what) =>
        GetAsync(() => Task.FromResult<object?>(condition() ? true : null), what);
}
