using Microsoft.Extensions.Logging;

namespace Conductor.Postgres;

/// <summary>
/// Figures of the database for gauges: read every 12 s while somebody asks for them, and not at all while nobody does. Whoever asks is
/// answered at once, with the last reading; after a pause that is none, until the next one.
/// </summary>
/// <param name="read">Reads them, in one round trip.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told when they cannot be read.</param>
/// <param name="stopping">Ends the reading.</param>
public sealed partial class Sampled<T>(Func<CancellationToken, Task<T>> read, TimeProvider time, ILogger logger, CancellationToken stopping)
    where T : class
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(12);
    // Longer than the longest pause between two scrapes that is usual.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly Lock _lock = new();
    private T? _latest;
    private DateTimeOffset _asked;
    private bool _reading;

    /// <summary>The last reading; null when there is none that is recent.</summary>
    public T? Latest
    {
        get
        {
            lock (_lock)
            {
                _asked = time.GetUtcNow();
                if (_reading || stopping.IsCancellationRequested) return _latest;
                _reading = true;
            }
            // The scrape's own trace does not go on in here.
            using (ExecutionContext.SuppressFlow()) _ = Task.Run(ReadWhileAskedAsync, CancellationToken.None);
            return null;
        }
    }

    private async Task ReadWhileAskedAsync()
    {
        try
        {
            do
            {
                _latest = await TryReadAsync();
                await Task.Delay(Every, time, stopping);
            }
            while (GoesOn());
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _latest = null;
        }
    }

    private bool GoesOn()
    {
        lock (_lock)
        {
            if (time.GetUtcNow() - _asked < Patience) return true;
            (_reading, _latest) = (false, null);
            return false;
        }
    }

    // Old figures would look as if all were well.
    private async Task<T?> TryReadAsync()
    {
        try
        {
            return await read(stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            NotRead(logger, e.Message);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Figures for metrics could not be read: {Reason}")]
    private static partial void NotRead(ILogger logger, string reason);
}
