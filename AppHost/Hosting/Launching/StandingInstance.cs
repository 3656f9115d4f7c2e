namespace Conductor.Hosting.Launching;

/// <summary>Something that is there without a process of ours: a server elsewhere, a database, a value.</summary>
internal sealed class StandingInstance : IInstance
{
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyCollection<int> ProcessIds => [];

    public Task<int> Exit => _exit.Task;

    public Task StopAsync(TimeSpan grace, TimeProvider time)
    {
        _exit.TrySetResult(0);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Something that is there as soon as it is asked for.</summary>
internal sealed class StandingLauncher : ILauncher
{
    public Task<IInstance> LaunchAsync(int replica, CancellationToken cancellationToken) => Task.FromResult<IInstance>(new StandingInstance());
}
