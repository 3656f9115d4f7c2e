using System.Diagnostics;
using Conductor.Postgres.Supervision;
using Microsoft.Extensions.Hosting;

namespace Conductor.Postgres.Outbox.Delivery;

/// <summary>
/// Delivers the outbox: claims what is due, and wakes for the next due message, for a timer that this process has just committed, and
/// now and then.
/// </summary>
internal sealed class OutboxDelivery(
    OutboxClaims claims, OutboxDispatcher dispatcher, OutboxSettlements settlements, OutboxOptions options, BackgroundLoops loops)
    : BackgroundService
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Crowded = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _wake = new(0);
    private long _plannedWake = long.MaxValue;

    /// <summary>
    /// Takes messages that were just committed: some are sent from memory, the others are waited for, or looked for in the table.
    /// </summary>
    /// <param name="messages">With a lease of <see cref="OutboxOptions.Lease"/> on those that are sent from memory.</param>
    /// <param name="held">Timestamp from which the lease counts.</param>
    public void Take(IReadOnlyList<OutboxMessage> messages, long held)
    {
        var now = DateTimeOffset.UtcNow;
        var wake = long.MaxValue;
        foreach (var message in messages)
        {
            if (message.IsSentFromMemory) dispatcher.TryTake(new(message, 0, held));
            else wake = Math.Min(wake, Stopwatch.GetTimestamp() + (long)(Math.Max(0, ((message.Due ?? now) - now).TotalSeconds) * Stopwatch.Frequency));
        }
        if (wake < Volatile.Read(ref _plannedWake)) Wake();
    }

    /// <summary>Looks into the table at once.</summary>
    public void Wake()
    {
        if (_wake.CurrentCount == 0) _wake.Release();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        settlements.SequencesMoved = Wake;
        var settling = Task.Run(settlements.RunAsync, CancellationToken.None);
        await loops.RunAsync($"the delivery of the outbox {options.Schema}", TurnAsync, stoppingToken);
        await FinishAsync(settling);
    }

    private async Task TurnAsync(BackgroundLoop loop, CancellationToken stoppingToken)
    {
        var pause = await SweepAsync(stoppingToken);
        await loop.RestAsync(PauseAsync(pause, stoppingToken));
    }

    private async Task<TimeSpan> SweepAsync(CancellationToken stoppingToken)
    {
        var full = dispatcher.Full();
        var (items, next) = await claims.ClaimAsync(full, stoppingToken, dispatcher.HasRoomForSequences);
        dispatcher.Take(items);
        if (items.Count >= options.BatchSize) return TimeSpan.Zero;
        // A full destination may have room again by then.
        return full.Length > 0 && next > Crowded ? Crowded : next;
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stoppingToken)
    {
        Volatile.Write(ref _plannedWake, Stopwatch.GetTimestamp() + (long)(pause.TotalSeconds * Stopwatch.Frequency));
        // At least a millisecond: what is due this very moment is due in the next one as well.
        await _wake.WaitAsync(pause < Shortest ? Shortest : pause, stoppingToken);
        Volatile.Write(ref _plannedWake, long.MaxValue);
    }

    // What is not sent by now goes back to the table, for another process to send at once.
    private async Task FinishAsync(Task settling)
    {
        dispatcher.Stop();
        var deadline = Stopwatch.GetTimestamp() + (5 * Stopwatch.Frequency);
        while (!dispatcher.IsIdle && Stopwatch.GetTimestamp() < deadline) await Task.Delay(10, CancellationToken.None);
        settlements.Complete();
        // Without the database this does not end: then the leases will.
        await Task.WhenAny(settling, Task.Delay(TimeSpan.FromSeconds(5), CancellationToken.None));
    }
}
