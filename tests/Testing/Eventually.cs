using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace Conductor.Testing;

/// <summary>Waits for what happens elsewhere, with a deadline; the failure tells what was waited for, and what there was instead.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks again until the value is as expected, and returns it. What <paramref name="look"/> throws ends the wait.</summary>
    /// <param name="look">Gets the value.</param>
    /// <param name="isExpected">Whether it is the one.</param>
    /// <param name="seconds">The deadline.</param>
    /// <param name="what">What is waited for, for the failure; the condition as it is written, by default.</param>
    public static async Task<T> BecomesAsync<T>(
        Func<Task<T>> look, Func<T, bool> isExpected, int seconds = 60, [CallerArgumentExpression(nameof(isExpected))] string what = "")
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var value = await look();
            if (isExpected(value)) return value;
            if (clock.Elapsed.TotalSeconds > seconds) throw new TimeoutException($"not within {seconds} s: {what}; still {value}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    /// <inheritdoc cref="BecomesAsync{T}(Func{Task{T}}, Func{T, bool}, int, string)"/>
    public static Task<T> BecomesAsync<T>(
        Func<T> look, Func<T, bool> isExpected, int seconds = 60, [CallerArgumentExpression(nameof(isExpected))] string what = "") =>
        BecomesAsync(() => Task.FromResult(look()), isExpected, seconds, what);

    /// <summary>Asks again until there is an answer.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> ask, string what, int seconds = 60) where T : class =>
        (await BecomesAsync<T?>(ask, answer => answer is not null, seconds, what))!;

    /// <summary>Looks again until the condition holds.</summary>
    public static Task IsTrueAsync(Func<bool> condition, string what, int seconds = 60) => BecomesAsync<bool>(condition, holds => holds, seconds, what);

    /// <inheritdoc cref="IsTrueAsync(Func{bool}, string, int)"/>
    public static Task IsTrueAsync(Func<Task<bool>> condition, string what, int seconds = 60) => BecomesAsync<bool>(condition, holds => holds, seconds, what);
}
