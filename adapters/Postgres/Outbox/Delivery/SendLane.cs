using System.Collections.Concurrent;

namespace Conductor.Postgres.Outbox.Delivery;

/// <summary>
/// The messages of one destination: a bounded number is being sent at a time and a bounded number waits, so that a destination that
/// hangs takes neither room nor time from the others.
/// </summary>
internal sealed class SendLane(int parallelism, int waiting, Func<OutboxItem, Task> send)
{
    private readonly ConcurrentQueue<OutboxItem> _items = new();
    private int _count;
    private int _running;

    /// <summary>Whether nothing waits or is being sent.</summary>
    public bool IsIdle => Volatile.Read(ref _count) == 0;

    /// <summary>Whether more than half of its room is taken: time to leave the rest in the table.</summary>
    public bool IsFull => Volatile.Read(ref _count) > waiting / 2;

    /// <summary>Adds a message, unless there is no room.</summary>
    public bool TryAdd(OutboxItem item)
    {
        if (Interlocked.Increment(ref _count) > waiting)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }
        _items.Enqueue(item);
        StartOne();
        return true;
    }

    private bool StartOne()
    {
        if (Interlocked.Increment(ref _running) > parallelism)
        {
            Interlocked.Decrement(ref _running);
            return false;
        }
        // The caller's trace and ambient state are not those of the messages that this will send.
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow()) _ = Task.Run(RunAsync);
        return true;
    }

    private async Task RunAsync()
    {
        while (_items.TryDequeue(out var item))
        {
            await send(item);
            Interlocked.Decrement(ref _count);
        }
        Interlocked.Decrement(ref _running);
        // One may have come between the last look and the end, when this still counted as running.
        if (!_items.IsEmpty) StartOne();
    }
}
