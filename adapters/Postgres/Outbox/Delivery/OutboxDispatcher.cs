using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Conductor.Postgres.Outbox.Delivery;

/// <summary>Sends the messages that this process holds, in parallel by destination.</summary>
internal sealed class OutboxDispatcher(OutboxSender sender, OutboxSettlements settlements, OutboxOptions options, ILogger<OutboxDispatcher> logger)
{
    private readonly ConcurrentDictionary<string, SendLane> _lanes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, long> _held = new();
    private readonly CancellationTokenSource _stopping = new();
    private SendSequences? _sequences;

    /// <summary>Whether nothing is being sent.</summary>
    public bool IsIdle => _held.IsEmpty;

    /// <summary>Destinations for which no more messages should be claimed now.</summary>
    public string[] Full() => [.. _lanes.Where(l => l.Value.IsFull).Select(l => l.Key)];

    /// <summary>Whether messages of sequences should be claimed now.</summary>
    public bool HasRoomForSequences => Sequences.Count <= options.Waiting / 2;

    private SendSequences Sequences => LazyInitializer.EnsureInitialized(ref _sequences, () => new(SendFreeAsync, PutOff));

    /// <summary>Takes claimed messages, in order. What there is no room for is put off.</summary>
    public void Take(IReadOnlyList<OutboxItem> items)
    {
        foreach (var item in items)
        {
            if (!TryTake(item)) settlements.Add(new(item.Message.Id, SettlementKind.PutOff, options.Backoff));
        }
        foreach (var (destination, _) in _lanes.Where(l => l.Value.IsIdle)) _lanes.TryRemove(destination, out var _);
    }

    /// <summary>Takes a message, unless too many wait for its destination; it then waits in the table until its lease ends.</summary>
    public bool TryTake(OutboxItem item)
    {
        if (!_held.TryAdd(item.Message.Id, item.Held))
        {
            // Claimed again, because its lease ended while it waited here: the new claim has renewed it.
            _held[item.Message.Id] = item.Held;
            return true;
        }
        if (item.Message.Sequence is not null)
        {
            Sequences.Add(item);
            return true;
        }
        var lane = _lanes.GetOrAdd(item.Message.Destination, _ => new(options.Parallelism, options.Waiting, SendFreeAsync));
        if (lane.TryAdd(item)) return true;
        _held.TryRemove(item.Message.Id, out _);
        return false;
    }

    /// <summary>Gives up what is being sent, and puts off what waits.</summary>
    public void Stop() => _stopping.Cancel();

    // Whether what is behind it in a sequence may go on.
    private async Task<bool> SendFreeAsync(OutboxItem item)
    {
        try
        {
            if (HasLapsed(item)) return false;
            var settlement = await SendAsync(item) with { OfSequence = item.Message.Sequence is not null };
            settlements.Add(settlement);
            return settlement.Kind is SettlementKind.Delivered or SettlementKind.Poisoned;
        }
        catch (Exception e)
        {
            // Whatever it is, the lane goes on.
            OutboxLog.GivenUp(logger, item.Message.MessageId, item.Message.Destination, e);
            return false;
        }
        finally
        {
            _held.TryRemove(item.Message.Id, out _);
        }
    }

    private void PutOff(OutboxItem item)
    {
        if (!HasLapsed(item)) settlements.Add(new(item.Message.Id, SettlementKind.PutOff));
        _held.TryRemove(item.Message.Id, out _);
    }

    // Another process may be sending it by now. If none is, the next sweep claims it.
    private bool HasLapsed(OutboxItem item) => _held.TryGetValue(item.Message.Id, out var held) && Stopwatch.GetElapsedTime(held) > options.Lease;

    private async Task<Settlement> SendAsync(OutboxItem item)
    {
        var id = item.Message.Id;
        if (_stopping.IsCancellationRequested) return new(id, SettlementKind.PutOff);
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            timeout.CancelAfter(options.SendTimeout);
            await sender.SendAsync(item.Message, timeout.Token);
            return new(id, SettlementKind.Delivered);
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            return new(id, SettlementKind.PutOff);
        }
        catch (Exception e)
        {
            return Failure(item, e);
        }
    }

    private Settlement Failure(OutboxItem item, Exception exception)
    {
        var message = item.Message;
        var outage = SendFailure.IsOutage(exception);
        var attempts = item.Attempts + (outage ? 0 : 1);
        if (attempts >= options.MaxAttempts)
        {
            OutboxLog.Poisoned(logger, message.MessageId, message.Destination, attempts, exception);
            return new(message.Id, SettlementKind.Poisoned, default, $"{exception.GetType().FullName}: {exception.Message}");
        }
        var wait = Backoff(attempts);
        // Of a broker that is not there others tell.
        if (outage) OutboxLog.PutOff(logger, message.MessageId, message.Destination, wait, exception.Message);
        else OutboxLog.SendFailed(logger, message.MessageId, message.Destination, attempts, wait, exception);
        return new(message.Id, outage ? SettlementKind.PutOff : SettlementKind.Failed, wait);
    }

    // Doubling, and up to a quarter more, so that what failed together does not come back together.
    private TimeSpan Backoff(int attempts)
    {
        var wait = Math.Min(options.Backoff.TotalMilliseconds * Math.Pow(2, Math.Clamp(attempts - 1, 0, 30)), options.MaxBackoff.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(wait * (1 + (Random.Shared.NextDouble() / 4)));
    }
}
