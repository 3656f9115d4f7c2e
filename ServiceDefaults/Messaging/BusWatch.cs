using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Conductor.ServiceDefaults.Messaging;

/// <summary>
/// Ends the process, with code 70, when consumers have not followed the bus to its next connection: whoever supervises the process starts it
/// again. With RabbitMQ.Client 7.2.2 (rabbitmq-dotnet-client 1930) the death of a broker under load can leave the handlers of a connection's end
/// waiting for a channel that is disposed of; consumers on that connection then never hear of it, and MassTransit never starts them anew.
/// </summary>
internal sealed partial class BusWatch(IHostApplicationLifetime lifetime, TimeProvider time, ILogger<BusWatch> logger)
    : BackgroundService, IReceiveEndpointObserver
{
    private const int SoftwareError = 70;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<Uri, long> _ready = new();
    private long _connecting = time.GetTimestamp();

    /// <summary>The bus is about to connect, once more unless for the first time.</summary>
    public void Connecting() => Volatile.Write(ref _connecting, time.GetTimestamp());

    /// <summary>Endpoints whose consumers belong to a connection before the last one, which was made a while ago.</summary>
    public IReadOnlyList<Uri> Stale()
    {
        var connecting = Volatile.Read(ref _connecting);
        return time.GetElapsedTime(connecting) < Patience ? [] : [.. _ready.Where(endpoint => endpoint.Value < connecting).Select(endpoint => endpoint.Key)];
    }

    public Task Ready(ReceiveEndpointReady ready)
    {
        // Those of requests consume only while somebody waits for an answer.
        if (!ready.InputAddress.Query.Contains("temporary=true", StringComparison.Ordinal)) _ready[ready.InputAddress] = time.GetTimestamp();
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => GoneAsync(stopping.InputAddress);

    public Task Completed(ReceiveEndpointCompleted completed) => GoneAsync(completed.InputAddress);

    public Task Faulted(ReceiveEndpointFaulted faulted) => GoneAsync(faulted.InputAddress);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (Stale() is not { Count: > 0 } stale) continue;
            LogStale(string.Join(", ", stale.Select(endpoint => endpoint.AbsolutePath)));
            Environment.ExitCode = SoftwareError;
            lifetime.StopApplication();
            // Those consumers may hold up the stop as well.
            await Task.Delay(Farewell, time, CancellationToken.None);
            Environment.Exit(SoftwareError);
        }
    }

    // MassTransit is at work on it: it becomes ready again, or stops with the bus.
    private Task GoneAsync(Uri endpoint)
    {
        _ready.TryRemove(endpoint, out _);
        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The bus has connected anew, and its consumers on {Endpoints} have not followed: this process ends")]
    private partial void LogStale(string endpoints);
}
