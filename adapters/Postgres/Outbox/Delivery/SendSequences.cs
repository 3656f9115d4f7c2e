namespace Conductor.Postgres.Outbox.Delivery;

/// <summary>
/// The messages of sequences: of each, one is being sent at a time, in the order in which they came. Behind one that does not leave the others are put
/// off, until it has.
/// </summary>
/// <param name="send">Sends a message; false when it has to be sent again.</param>
/// <param name="putOff">Gives a message back.</param>
internal sealed class SendSequences(Func<OutboxItem, Task<bool>> send, Action<OutboxItem> putOff)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Queue<OutboxItem>> _sequences = [];
    private int _count;

    /// <summary>How many messages wait or are being sent.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds a message of a sequence.</summary>
    public void Add(OutboxItem item)
    {
        var sequence = item.Message.Sequence!.Value;
        lock (_lock)
        {
            _count++;
            if (_sequences.TryGetValue(sequence, out var running))
            {
                running.Enqueue(item);
                return;
            }
            _sequences.Add(sequence, new([item]));
        }
        // The caller's trace and ambient state are not those of the messages that this will send.
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow()) _ = Task.Run(() => RunAsync(sequence));
    }

    private async Task RunAsync(Guid sequence)
    {
        while (Next(sequence) is { } item)
        {
            if (await send(item))
            {
                Sent(sequence);
                continue;
            }
            foreach (var behind in Broken(sequence)) putOff(behind);
            // What comes now has a run of its own.
            return;
        }
    }

    private OutboxItem? Next(Guid sequence)
    {
        lock (_lock)
        {
            if (!_sequences.TryGetValue(sequence, out var items)) return null;
            if (items.TryPeek(out var item)) return item;
            _sequences.Remove(sequence);
            return null;
        }
    }

    private void Sent(Guid sequence)
    {
        lock (_lock)
        {
            _sequences[sequence].Dequeue();
            _count--;
        }
    }

    private List<OutboxItem> Broken(Guid sequence)
    {
        lock (_lock)
        {
            _sequences.Remove(sequence, out var items);
            _count -= items!.Count;
            return [.. items.Skip(1)];
        }
    }
}
