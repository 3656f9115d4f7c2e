using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Conductor.ServiceDefaults.Health;

/// <summary>
/// One run of the checks for all who ask while it lasts and for a second after it: a database is probed as often for ten probers as for one.
/// </summary>
internal sealed class SharedHealth(HealthCheckService checks, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<HealthReport>? _run;
    private long _ended;

    public Task<HealthReport> GetAsync()
    {
        lock (_lock)
        {
            if (_run is null || (_run.IsCompleted && time.GetElapsedTime(_ended) >= Freshness)) _run = RunAsync();
            return _run;
        }
    }

    // Not with a prober's own cancellation: the others wait for the same run. Each check has its limit.
    private async Task<HealthReport> RunAsync()
    {
        try
        {
            return await Task.Run(() => checks.CheckHealthAsync(CancellationToken.None));
        }
        finally
        {
            _ended = time.GetTimestamp();
        }
    }
}
