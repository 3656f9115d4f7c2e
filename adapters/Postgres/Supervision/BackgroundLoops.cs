using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Conductor.Postgres.Supervision;

/// <summary>
/// Supervises the loops that work in the background of a service. A turn that throws is logged and tried again after a pause that grows to
/// 15 s (1 s while the database is away); the health check <c>loops</c> names a loop that fails, hangs or has ended.
/// </summary>
public sealed partial class BackgroundLoops(TimeProvider time, ILogger<BackgroundLoops> logger) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestOutage = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<BackgroundLoop, byte> _loops = new();

    /// <summary>Repeats a turn until the service stops.</summary>
    /// <param name="name">What the loop does, for people.</param>
    /// <param name="turn">One turn; it rests (<see cref="BackgroundLoop.RestAsync"/>) while it waits for something to do.</param>
    /// <param name="stopping">The service stops.</param>
    /// <param name="patience">How long a turn may take without resting before it counts as stuck. Default 1 min.</param>
    public async Task RunAsync(
        string name, Func<BackgroundLoop, CancellationToken, Task> turn, CancellationToken stopping, TimeSpan? patience = null)
    {
        var loop = Watch(name, patience);
        try
        {
            for (var failures = 0; !stopping.IsCancellationRequested;) failures = await TurnAsync(loop, turn, failures, stopping);
            loop.Dispose();
        }
        catch (Exception e)
        {
            loop.Died(e.Message);
            throw;
        }
    }

    /// <summary>Watches a loop that somebody else runs, and that catches what it throws; dispose it where the loop ends.</summary>
    public BackgroundLoop Watch(string name, TimeSpan? patience = null)
    {
        var loop = new BackgroundLoop(name, patience ?? Patience, this, time);
        _loops[loop] = 0;
        return loop;
    }

    /// <summary>Logs what a watched loop caught; the loop goes on.</summary>
    public void Caught(BackgroundLoop loop, Exception exception) => TurnFailed(logger, exception, loop.Name, TimeSpan.Zero);

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var troubles = _loops.Keys.Select(loop => loop.Trouble).OfType<(bool IsDown, string What)>().ToList();
        var all = string.Join("; ", troubles.Select(trouble => trouble.What).Order(StringComparer.Ordinal));
        if (troubles.Count == 0) return Task.FromResult(HealthCheckResult.Healthy());
        return Task.FromResult(troubles.Exists(trouble => trouble.IsDown) ? HealthCheckResult.Unhealthy(all) : HealthCheckResult.Degraded(all));
    }

    internal void Forget(BackgroundLoop loop) => _loops.TryRemove(loop, out _);

    private async Task<int> TurnAsync(BackgroundLoop loop, Func<BackgroundLoop, CancellationToken, Task> turn, int failures, CancellationToken stopping)
    {
        try
        {
            loop.Busy();
            await turn(loop, stopping);
            loop.Failed(null);
            return 0;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e)
        {
            var isOutage = DatabaseOutage.Is(e);
            var pause = TimeSpan.FromMilliseconds(Math.Min(100 * Math.Pow(2, Math.Min(failures, 20)), (isOutage ? LongestOutage : Longest).TotalMilliseconds));
            TurnFailed(logger, e, loop.Name, pause);
            // An outage is the server's trouble, and told as such.
            loop.Failed(isOutage ? null : e.Message);
            loop.Rest();
            await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return failures + 1;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Loop} failed; it goes on in {Pause}")]
    private static partial void TurnFailed(ILogger logger, Exception exception, string loop, TimeSpan pause);
}

/// <summary>Registers the supervision.</summary>
public static class BackgroundLoopRegistration
{
    /// <summary>Adds <see cref="BackgroundLoops"/> and its health check, once.</summary>
    public static IServiceCollection AddBackgroundLoops(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(BackgroundLoops))) return services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<BackgroundLoops>();
        services.AddHealthChecks().Add(new("loops", provider => provider.GetRequiredService<BackgroundLoops>(), failureStatus: null, tags: null));
        return services;
    }
}
