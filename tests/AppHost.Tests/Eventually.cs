namespace Conductor.AppHost.Tests;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task<T> GetAsync<T>(Func<Task<T>> get, Func<T, bool> wanted, string what)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        var last = await get();
        while (!wanted(last))
        {
            if (deadline.IsCancellationRequested) throw new TimeoutException($"{what}; it is {last}");
            await Task.Delay(20, CancellationToken.None);
            last = await get();
        }
        return last;
    }

    public static Task BeAsync(Func<bool> condition, string what) => GetAsync(() => Task.FromResult(condition()), c => c, what);
}
