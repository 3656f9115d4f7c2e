using Conductor.Hosting.Launching;

namespace Conductor.AppHost.Tests.Supervision;

/// <summary>Instances that run until the test says with which code they end.</summary>
internal sealed class ScriptedInstances : ILauncher
{
    private readonly List<ScriptedInstance> _all = [];

    public int Launched => _all.Count;

    public Exception? Refusal { get; set; }

    public ScriptedInstance Last => _all[^1];

    public Task<IInstance> LaunchAsync(int replica, CancellationToken cancellationToken)
    {
        if (Refusal is not null) return Task.FromException<IInstance>(Refusal);
        _all.Add(new ScriptedInstance());
        return Task.FromResult<IInstance>(Last);
    }
}

internal sealed class ScriptedInstance : IInstance
{
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool WasStopped { get; private set; }

    public IReadOnlyCollection<int> ProcessIds => [1];

    public Task<int> Exit => _exit.Task;

    public void End(int code) => _exit.TrySetResult(code);

    public Task StopAsync(TimeSpan grace, TimeProvider time)
    {
        WasStopped = true;
        _exit.TrySetResult(143);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
