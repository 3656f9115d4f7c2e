namespace Conductor.StreamRider.Consuming;

/// <summary>
/// The records of a partition that were begun, in the order of reading: how far all of them are done, without a gap. Bounded, so that one slow record
/// holds up reading in the end.
/// </summary>
/// <param name="limit">How many records may be between the first that is not done and the last that was begun.</param>
internal sealed class OffsetWindow(int limit)
{
    private readonly Lock _lock = new();
    private readonly Queue<Entry> _begun = new();
    private readonly SemaphoreSlim _room = new(limit);

    /// <summary>Where reading would go on if it began anew now; null before the first record is done.</summary>
    public long? Watermark { get; private set; }

    /// <summary>How many records the watermark has passed.</summary>
    public long Passed { get; private set; }

    /// <summary>Waits for room, and begins a record.</summary>
    public async ValueTask<Entry> BeginAsync(long offset, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        var entry = new Entry(offset + 1);
        lock (_lock) _begun.Enqueue(entry);
        return entry;
    }

    /// <summary>A record is done: consumed, or in a dead-letter topic.</summary>
    public void Complete(Entry entry)
    {
        lock (_lock)
        {
            entry.IsDone = true;
            var passed = 0;
            while (_begun.TryPeek(out var first) && first.IsDone)
            {
                Watermark = _begun.Dequeue().Next;
                passed++;
            }
            Passed += passed;
            if (passed > 0) _room.Release(passed);
        }
    }

    /// <summary>A record that was begun.</summary>
    internal sealed class Entry(long next)
    {
        /// <summary>The offset behind it.</summary>
        public long Next => next;

        public bool IsDone { get; set; }
    }
}
