using Conductor.ServiceDefaults.Servers;
using Microsoft.Extensions.Logging;

namespace Conductor.ServiceDefaults.Logging;

/// <summary>
/// The log of something that fails again and again while it is out of reach: one line when that starts, one a minute while it lasts, one
/// when it ends. For a loop: <see cref="Failed(Exception)"/> where it catches, <see cref="Succeeded"/> where it got through.
/// Outages of PostgreSQL and RabbitMQ need no such log: they are told for the whole service (<c>AddPostgresHealth</c>, <c>AddBus</c>).
/// </summary>
/// <param name="subject">What is out of reach, for the lines: <c>the workflows service</c>.</param>
/// <param name="logger">Gets the lines.</param>
/// <param name="time">Tells the minutes.</param>
public sealed partial class OutageLog(string subject, ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long? _since;
    private long _told;
    private int _failures;

    /// <summary>Whether the last that was noted is a failure.</summary>
    public bool IsOutage
    {
        get
        {
            lock (_lock) return _since is not null;
        }
    }

    /// <summary>Notes a failure with its cause.</summary>
    public void Failed(Exception exception) => Failed(Causes.Reason(exception));

    /// <summary>Notes a failure.</summary>
    /// <param name="reason">Its cause, in a line.</param>
    public void Failed(string reason)
    {
        lock (_lock)
        {
            _failures++;
            if (_since is not { } since)
            {
                (_since, _told) = (time.GetTimestamp(), time.GetTimestamp());
                Began(logger, subject, reason);
            }
            else if (time.GetElapsedTime(_told) >= Interval)
            {
                _told = time.GetTimestamp();
                Lasts(logger, subject, Whole(time.GetElapsedTime(since)), _failures, reason);
            }
        }
    }

    /// <summary>Notes a success. Cheap while nothing fails.</summary>
    public void Succeeded()
    {
        lock (_lock)
        {
            if (_since is not { } since) return;
            Ended(logger, subject, Whole(time.GetElapsedTime(since)), _failures);
            (_since, _failures) = (null, 0);
        }
    }

    private static TimeSpan Whole(TimeSpan duration) => TimeSpan.FromSeconds(Math.Floor(duration.TotalSeconds));

    [LoggerMessage(LogLevel.Warning, "{Subject} cannot be used: {Reason}")]
    private static partial void Began(ILogger logger, string subject, string reason);

    [LoggerMessage(LogLevel.Warning, "{Subject} cannot be used for {Duration} now ({Failures} failures): {Reason}")]
    private static partial void Lasts(ILogger logger, string subject, TimeSpan duration, int failures, string reason);

    [LoggerMessage(LogLevel.Information, "{Subject} can be used again after {Duration} ({Failures} failures)")]
    private static partial void Ended(ILogger logger, string subject, TimeSpan duration, int failures);
}
