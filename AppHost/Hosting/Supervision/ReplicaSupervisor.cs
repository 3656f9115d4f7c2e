using Conductor.Hosting.Launching;
using Conductor.Hosting.Logs;

namespace Conductor.Hosting.Supervision;

/// <summary>How a replica ended for good.</summary>
internal enum ReplicaEnd
{
    /// <summary>It was asked to.</summary>
    Stopped,

    /// <summary>By itself, with code 0.</summary>
    Finished,

    /// <summary>It failed, and is not started again.</summary>
    Failed,
}

/// <summary>Keeps one replica of a resource running: starts it again, later and later, when it fails.</summary>
internal sealed class ReplicaSupervisor(ILauncher launcher, int replica, ResourceLog log, TimeProvider time)
{
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);
    private readonly RestartPolicy _policy = new();

    /// <summary>The replica that runs now.</summary>
    public IInstance? Current { get; private set; }

    /// <summary>How often it was started again.</summary>
    public int Restarts { get; private set; }

    /// <summary>With which code it ended last.</summary>
    public int? ExitCode { get; private set; }

    /// <param name="restartable">Whether a failure is followed by another start.</param>
    /// <param name="mayFinish">Whether ending with code 0 is no failure.</param>
    /// <param name="changed">Is called whenever something about the replica changed.</param>
    /// <param name="stopping">Stops it.</param>
    public async Task<ReplicaEnd> RunAsync(bool restartable, bool mayFinish, Action changed, CancellationToken stopping)
    {
        while (true)
        {
            var started = time.GetTimestamp();
            if (await TryLaunchAsync(stopping)) await WatchAsync(changed, stopping);
            changed();
            if (stopping.IsCancellationRequested) return ReplicaEnd.Stopped;
            if (ExitCode == 0 && mayFinish) return ReplicaEnd.Finished;
            var delay = restartable ? _policy.Next(time.GetElapsedTime(started)) : null;
            if (delay is null) return ReplicaEnd.Failed;
            log.Write(LogStream.Host, $"starts again in {delay.Value.TotalSeconds:0.#} s");
            Restarts++;
            changed();
            try
            {
                await Task.Delay(delay.Value, time, stopping);
            }
            catch (OperationCanceledException)
            {
                return ReplicaEnd.Stopped;
            }
        }
    }

    private async Task<bool> TryLaunchAsync(CancellationToken stopping)
    {
        try
        {
            Current = await launcher.LaunchAsync(replica, stopping);
            return true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception e)
        {
            // Whatever it was belongs to this resource alone: it is told in its log, and counts as a failure.
            ExitCode = null;
            log.Write(LogStream.Host, $"does not start: {e.Message}");
            return false;
        }
    }

    private async Task WatchAsync(Action changed, CancellationToken stopping)
    {
        var instance = Current!;
        ExitCode = null;
        changed();
        await Task.WhenAny(instance.Exit, Task.Delay(Timeout.InfiniteTimeSpan, time, stopping));
        // Also when it ended by itself: it may have left children behind.
        await instance.StopAsync(Grace, time);
        ExitCode = await instance.Exit;
        Current = null;
        await instance.DisposeAsync();
        if (!stopping.IsCancellationRequested) log.Write(LogStream.Host, $"ended with code {ExitCode}");
    }
}
