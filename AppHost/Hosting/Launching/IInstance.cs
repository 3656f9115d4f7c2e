namespace Conductor.Hosting.Launching;

/// <summary>A resource, or one replica of it, that runs.</summary>
internal interface IInstance : IAsyncDisposable
{
    /// <summary>Processes of this machine that belong to it and run.</summary>
    IReadOnlyCollection<int> ProcessIds { get; }

    /// <summary>Completes with the exit code when it ends, for whatever reason.</summary>
    Task<int> Exit { get; }

    /// <summary>Asks it to end, and makes it end when it has not after the grace period.</summary>
    Task StopAsync(TimeSpan grace, TimeProvider time);
}

/// <summary>Starts a kind of resource.</summary>
internal interface ILauncher
{
    /// <summary>Starts one replica.</summary>
    Task<IInstance> LaunchAsync(int replica, CancellationToken cancellationToken);
}
