namespace Conductor.Hosting.Launching;

/// <summary>A private engine that runs.</summary>
/// <param name="processIds">Its processes.</param>
/// <param name="exited">Completes when it has ended.</param>
/// <param name="stop">Stops it cleanly.</param>
/// <param name="kill">Ends it at once.</param>
internal sealed class EngineInstance(Func<IEnumerable<int>> processIds, Task<int> exited, Func<Task> stop, Action kill) : IInstance
{
    public IReadOnlyCollection<int> ProcessIds => [.. processIds()];

    public Task<int> Exit { get; } = exited;

    public async Task StopAsync(TimeSpan grace, TimeProvider time)
    {
        try
        {
            await stop().WaitAsync(grace, time);
        }
        catch (TimeoutException)
        {
            kill();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
