namespace Conductor.Console.Tests.Browser;

internal static class Eventually
{
    /// <summary>Waits for a condition, at most 30 s.</summary>
    public static async Task BeAsync(Func<bool> condition, string what)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (!condition())
                await clock.WaitForNextTickAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            condition().ShouldBeTrue(what);
        }
    }
}
