using System.Collections.Concurrent;
using System.Globalization;
using Conductor.AppHost.Composition;
using Microsoft.Extensions.Hosting;

namespace Conductor.AppHost.Supervision;

/// <summary>
/// What Aspire leaves out: notes each process, so that the next run can end what is left of this one; starts what ended by itself again;
/// stops all in order.
/// </summary>
internal sealed class Supervisor(DistributedApplicationModel model, ResourceNotificationService notifications, ResourceCommandService commands,
    ResourceLogs logs, ProcessRecord record, IHostApplicationLifetime life, TimeProvider time) : BackgroundService
{
    private readonly ConcurrentDictionary<string, Watched> _watched = new(StringComparer.Ordinal);
    private Task? _stop;

    /// <summary>Whether a resource keeps ending soon after its start.</summary>
    public bool KeepsFailing(IResource resource) => _watched.Values.Any(w => w.Resource == resource && w.Restarts.Failures >= 5);

    /// <summary>Whether the process of a resource, if it has one, is noted.</summary>
    public bool HasNoted(IResource resource) =>
        resource is not (ProjectResource or ExecutableResource) || _watched.Values.Any(w => w.Resource == resource && w.ProcessId is not null);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, life.ApplicationStopping);
        try
        {
            await foreach (var change in notifications.WatchAsync(end.Token))
            {
                if (change.Resource is not (ProjectResource or ExecutableResource)) continue;
                var watched = _watched.GetOrAdd(change.ResourceId, id => Begin(change.Resource, id, end.Token));
                Note(watched, change.Snapshot);
                if (watched.Follow(change.Snapshot, time)) _ = RestartAsync(watched, $"ended with code {change.Snapshot.ExitCode}", end.Token);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested) { } // the application stops
    }

    // Hosted services stop in reverse order, this one before Aspire's own. In tests Aspire calls this twice.
    public override Task StopAsync(CancellationToken cancellationToken) => _stop ??= StopAllAsync(cancellationToken);

    private Watched Begin(IResource resource, string id, CancellationToken stop)
    {
        _ = logs.KeepAsync(resource.Name, id, stop);
        return new(resource, id);
    }

    private void Note(Watched watched, CustomResourceSnapshot snapshot)
    {
        var pid = Convert.ToString(snapshot.Properties.FirstOrDefault(p => p.Name == "executable.pid")?.Value, CultureInfo.InvariantCulture);
        if (!int.TryParse(pid, CultureInfo.InvariantCulture, out var id) || id == watched.ProcessId) return;
        if (watched.ProcessId is { } before) record.Remove(before);
        watched.ProcessId = id;
        record.Add(id, watched.Resource.Name);
    }

    private async Task RestartAsync(Watched watched, string problem, CancellationToken stop)
    {
        // Somebody may start it meanwhile, in the dashboard.
        while (watched.HasEnded && !stop.IsCancellationRequested)
        {
            var delay = watched.Restarts.Next(watched.Ran(time));
            logs.Say(watched.Resource.Name, $"{problem}; starts again in {delay.TotalSeconds:0.#} s");
            await Task.Delay(delay, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!watched.HasEnded || stop.IsCancellationRequested) return;
            try
            {
                var result = await commands.ExecuteCommandAsync(watched.Id, KnownResourceCommands.StartCommand, stop);
                if (result.Success) return;
                problem = $"cannot be started: {result.Message}";
            }
            catch (Exception e) when (!stop.IsCancellationRequested) { problem = $"cannot be started: {e.Message}"; }
        }
    }

    private async Task StopAllAsync(CancellationToken cancellationToken)
    {
        await StopOrder.StopAsync(model.Resources, async resource =>
        {
            foreach (var watched in _watched.Values.Where(w => w.Resource == resource && !w.HasEnded && resource.Name != DashboardSettings.Resource))
                await commands.ExecuteCommandAsync(watched.Id, KnownResourceCommands.StopCommand, cancellationToken);
        });
        await base.StopAsync(cancellationToken);
    }
}

/// <summary>One process of a resource; one with replicas has several.</summary>
internal sealed record Watched(IResource Resource, string Id)
{
    private string? _state;
    private long _started;

    public int? ProcessId { get; set; }

    public RestartPolicy Restarts { get; } = new();

    public bool HasEnded => KnownResourceStates.TerminalStates.Contains(_state);

    public TimeSpan Ran(TimeProvider time) => _started == 0 ? TimeSpan.Zero : time.GetElapsedTime(_started);

    /// <summary>Takes in a change. True when the process has ended without being asked to.</summary>
    public bool Follow(CustomResourceSnapshot snapshot, TimeProvider time)
    {
        var (before, now) = (_state, snapshot.State?.Text);
        if (before == now) return false;
        _state = now;
        if (now == KnownResourceStates.Running) _started = time.GetTimestamp();
        return HasEnded && before != KnownResourceStates.Stopping;
    }
}
