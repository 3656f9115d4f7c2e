using System.Net.Sockets;
using Conductor.ServiceDefaults.Logging;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Conductor.ServiceDefaults.Servers;

/// <summary>
/// Tells outages of one server for the whole service. What fails for want of it is not logged by each loop, client and request on its own
/// (<see cref="OutageSampler"/>), but once: the first such failure starts probes, and those tell the outage's start, course and end.
/// </summary>
internal sealed partial class ServerWatch(IServerProbe probe, IEnumerable<OutageSign> signs, TimeProvider time, ILogger<ServerWatch> logger)
    : IHealthCheck, IDisposable
{
    internal static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(1_500);
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // So long after an outage, connections that broke in it are still found in pools.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(10);

    private readonly OutageLog _log = new(probe.Server, logger, time);
    private readonly OutageSign[] _signs = [.. signs];
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private bool _isSuspected;
    private int _heldBack;
    private long? _answered;
    private long? _outageEnded;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (await FailsAsync(cancellationToken) is not { } failure) return HealthCheckResult.Healthy();
        Explains(failure);
        return new HealthCheckResult(context.Registration.FailureStatus, $"{probe.Server}: {Causes.Reason(failure)}");
    }

    /// <summary>
    /// Whether the failure may come of this server's being out of reach. While it is, so may every call that was given up: a client that waits
    /// for the server says no more than that.
    /// </summary>
    public bool MayExplain(Exception exception) =>
        probe.MayExplain(exception) || Array.Exists(_signs, sign => sign.IsOne(exception))
        || (_log.IsOutage && Causes.Of(exception).Any(cause => cause is OperationCanceledException or TimeoutException or SocketException));

    /// <summary>Takes a failure over; false if the server has answered just now, so that the failure has another cause.</summary>
    public bool Explains(Exception failure)
    {
        lock (_lock)
        {
            if (!_isSuspected && IsWithin(Pause, _answered)) return IsWithin(Aftermath, _outageEnded);
            _heldBack++;
            if (_isSuspected) return true;
            _isSuspected = true;
        }
        // Not with the context of the request or message that failed: its trace has nothing to do with the outage's end.
        using (ExecutionContext.SuppressFlow()) _ = Task.Run(() => FollowAsync(failure));
        return true;
    }

    public void Dispose() => _stop.Cancel();

    private async Task FollowAsync(Exception first)
    {
        var isOutage = false;
        while (await FailsAsync(_stop.Token) is { } failure)
        {
            if (_stop.IsCancellationRequested) return;
            _log.Failed(failure);
            isOutage = true;
            await Task.Delay(Pause, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        int heldBack;
        bool isAftermath;
        lock (_lock)
        {
            (heldBack, _heldBack, _isSuspected, _answered) = (_heldBack, 0, false, time.GetTimestamp());
            isAftermath = IsWithin(Aftermath, _outageEnded);
            if (isOutage) _outageEnded = _answered;
        }
        if (isOutage) _log.Succeeded();
        else Passing(logger, isAftermath ? LogLevel.Debug : LogLevel.Warning, probe.Server, heldBack, first);
    }

    private bool IsWithin(TimeSpan span, long? timestamp) => timestamp is { } at && time.GetElapsedTime(at) < span;

    private async Task<Exception?> FailsAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var probing = probe.ProbeAsync(end.Token);
            await probing.WaitAsync(Limit, time, cancellationToken);
            return null;
        }
        catch (Exception e)
        {
            await end.CancelAsync();
            return e;
        }
    }

    [LoggerMessage("{Server} failed {Failures} times and answers again")]
    private static partial void Passing(ILogger logger, LogLevel level, string server, int failures, Exception exception);
}
