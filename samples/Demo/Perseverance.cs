namespace Conductor.Demo;

/// <summary>Tries again for as long as it takes: a demonstration may start before what it shows, and outlives its outages.</summary>
internal sealed class Perseverance(TimeProvider time, ILogger<Perseverance> logger)
{
    private const int TriesPerMinute = 30;
    private static readonly TimeSpan UntilNextTry = TimeSpan.FromMinutes(1) / TriesPerMinute;

    /// <summary>Calls until it does not throw; says so at the first failure, then once a minute, and at the end.</summary>
    public async Task<T> TryAsync<T>(string what, Func<Task<T>> call, CancellationToken stop)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                var result = await call();
                if (failures > 0) logger.LogInformation("{What}: works again", what);
                return result;
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                if (failures % TriesPerMinute == 0) logger.LogWarning("{What}: {Reason}", what, e.Message);
            }
            await Task.Delay(UntilNextTry, time, stop);
        }
    }

    /// <inheritdoc cref="TryAsync{T}"/>
    public Task TryAsync(string what, Func<Task> call, CancellationToken stop) => TryAsync(
        what,
        async () =>
        {
            await call();
            return true;
        },
        stop);
}
