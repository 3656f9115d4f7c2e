using Microsoft.Extensions.Logging;

namespace Conductor.Worker.Execution;

/// <summary>
/// What the log says of a server that cannot be reached, whichever call found out: one line when that starts, one a minute while it lasts, one
/// when it ends.
/// </summary>
internal sealed partial class ServerOutage(TimeProvider time, ILogger<ServerOutage> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long? _since;
    private long _told;
    private int _failures;

    public void Failed(string reason)
    {
        lock (_lock)
        {
            _failures++;
            if (_since is not null && time.GetElapsedTime(_told) < Interval) return;
            if (_since is { } since) Lasts(logger, Whole(since), _failures, reason);
            else Began(logger, reason);
            _since ??= time.GetTimestamp();
            _told = time.GetTimestamp();
        }
    }

    public void Succeeded()
    {
        lock (_lock)
        {
            if (_since is not { } since) return;
            Ended(logger, Whole(since), _failures);
            (_since, _failures) = (null, 0);
        }
    }

    private TimeSpan Whole(long since) => TimeSpan.FromSeconds(Math.Floor(time.GetElapsedTime(since).TotalSeconds));

    [LoggerMessage(LogLevel.Warning, "The server cannot be reached: {Reason}")]
    private static partial void Began(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "The server cannot be reached for {Duration} now ({Failures} calls failed): {Reason}")]
    private static partial void Lasts(ILogger logger, TimeSpan duration, int failures, string reason);

    [LoggerMessage(LogLevel.Information, "The server can be reached again after {Duration} ({Failures} calls failed)")]
    private static partial void Ended(ILogger logger, TimeSpan duration, int failures);
}
