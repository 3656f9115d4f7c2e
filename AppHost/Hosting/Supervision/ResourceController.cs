using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Conductor.Hosting.Health;
using Conductor.Hosting.Launching;
using Conductor.Hosting.Logs;
using Conductor.Hosting.Resolution;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Conductor.Hosting.Supervision;

/// <summary>Starts and stops one resource, and tells the board about it.</summary>
internal sealed class ResourceController(IResource resource, ILauncher launcher, ResourceServices services) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly ResourceLog _log = services.Logs[resource.Name];
    private CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private IReadOnlyList<ReplicaSupervisor> _replicas = [];
    private bool _wasHealthy;

    public IResource Resource { get; } = resource;

    /// <summary>Starts it, unless it runs already. Returns at once.</summary>
    public async Task StartAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (!_running.IsCompleted || Resource.Annotations.OfType<UnavailableAnnotation>().Any()) return;
            _stopping.Dispose();
            _stopping = new CancellationTokenSource();
            _running = RunAsync(_stopping.Token);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops it and waits until it has ended.</summary>
    public async Task StopAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_running.IsCompleted) return;
            Update(s => s with { State = KnownResourceStates.Stopping });
            await _stopping.CancelAsync();
            await _running;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops it and starts it again.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
        _gate.Dispose();
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            Update(_ => new ResourceStatus { State = KnownResourceStates.Waiting });
            await services.Waiting.ForAllAsync(Resource, _log, stopping);
            await services.Eventing.PublishAsync(new BeforeResourceStartedEvent(Resource, services.Provider), stopping);
            Update(s => s with { State = KnownResourceStates.Starting });
            await RunReplicasAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            Update(s => s with { State = KnownResourceStates.Exited });
        }
        catch (Exception e)
        {
            // Nobody awaits a resource that runs: what went wrong is told in its log and by its state.
            _log.Write(LogStream.Host, $"does not start: {e.Message}");
            Update(s => s with { State = KnownResourceStates.FailedToStart });
        }
    }

    private async Task RunReplicasAsync(CancellationToken stopping)
    {
        _wasHealthy = false;
        var awaited = services.Model.Resources.SelectMany(r => r.Annotations.OfType<WaitAnnotation>()).Any(w => w.WaitType == WaitType.WaitForCompletion && ReferenceEquals(w.Resource, Resource));
        var server = Resource is ContainerResource;
        _replicas = [.. Enumerable.Range(0, EndpointAllocator.Replicas(Resource)).Select(i => new ReplicaSupervisor(launcher, i, _log, services.Time))];
        using var monitoring = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var monitor = MonitorAsync(monitoring.Token);
        var ends = await Task.WhenAll(_replicas.Select(r => r.RunAsync(restartable: !awaited, mayFinish: !server, Changed, stopping)));
        await monitoring.CancelAsync();
        await monitor;
        Update(s => s with
        {
            State = Final(ends),
            Health = null,
            ProcessIds = [],
            ExitCode = _replicas.Select(r => r.ExitCode).FirstOrDefault(c => c is not 0) ?? _replicas[0].ExitCode,
        });
        if (ends.Contains(ReplicaEnd.Failed)) _log.Write(LogStream.Host, "keeps failing and is not started again");
    }

    private string Final(ReplicaEnd[] ends) => ends switch
    {
        _ when ends.Contains(ReplicaEnd.Failed) => _wasHealthy ? KnownResourceStates.Exited : KnownResourceStates.FailedToStart,
        _ when ends.Contains(ReplicaEnd.Stopped) => KnownResourceStates.Exited,
        _ => KnownResourceStates.Finished,
    };

    private async Task MonitorAsync(CancellationToken cancellationToken)
    {
        try
        {
            var monitor = new HealthMonitor(Resource, services.Board, services.Checks, services.Time).RunAsync(cancellationToken);
            await services.Board.WaitAsync(Resource.Name, s => s.Health == HealthStatus.Healthy, cancellationToken);
            _wasHealthy = true;
            await services.Eventing.PublishAsync(new ResourceReadyEvent(Resource, services.Provider), cancellationToken);
            await monitor;
        }
        catch (OperationCanceledException)
        {
            // The resource has ended.
        }
    }

    private void Changed()
    {
        var running = _replicas.Where(r => r.Current is not null).ToList();
        Update(s => s with
        {
            State = s.State == KnownResourceStates.Stopping ? s.State : running.Count > 0 ? KnownResourceStates.Running : KnownResourceStates.Starting,
            Health = running.Count > 0 ? s.Health : null,
            StartedAt = running.Count == 0 ? s.StartedAt : s.ProcessIds.Count > 0 || s.State == KnownResourceStates.Running ? s.StartedAt : services.Time.GetUtcNow(),
            ProcessIds = [.. running.SelectMany(r => r.Current?.ProcessIds ?? [])],
            Restarts = _replicas.Sum(r => r.Restarts),
            ExitCode = _replicas.Select(r => r.ExitCode).FirstOrDefault(c => c is not null),
        });
    }

    private void Update(Func<ResourceStatus, ResourceStatus> change) => services.Board.Update(Resource.Name, change);
}
