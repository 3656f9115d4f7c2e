using System.Runtime.InteropServices;

namespace Conductor.Domain.Streams.Brokers;

/// <summary>A topic: partitions that keep records for a while.</summary>
/// <param name="Name">Letters, digits, dots, dashes and underscores, at most 200.</param>
/// <param name="Partitions">How many; at least 1.</param>
/// <param name="RetainFor">Records older than this may be removed; null keeps them.</param>
/// <param name="RetainBytes">Per partition: the oldest records beyond this size may be removed; null keeps them.</param>
public sealed record TopicSpecification(string Name, int Partitions = 1, TimeSpan? RetainFor = null, long? RetainBytes = null)
{
    /// <summary>
    /// Whether of each key the newest record is kept, and older ones may be removed. Records without a value remove their key. Where an age or a size is
    /// named as well, the newest are removed by it, too.
    /// </summary>
    public bool IsCompacted { get; init; }

    /// <summary>How long records of a topic are kept of which nothing else is said.</summary>
    public static readonly TimeSpan DefaultRetention = TimeSpan.FromDays(7);

    /// <summary>The topic with <see cref="DefaultRetention"/> where no limit was named; a compacted one has its limit in its keys.</summary>
    public TopicSpecification Limited => RetainFor is null && RetainBytes is null && !IsCompacted ? this with { RetainFor = DefaultRetention } : this;

    /// <summary>
    /// What of a wish an existing topic cannot become, since partitions are never removed and the retention of a queue is fixed when it is made;
    /// null when it can. Where the wish names no retention, any will do.
    /// </summary>
    public string? RefusalOf(TopicSpecification wish)
    {
        if (wish.Partitions < Partitions)
            return $"topic '{Name}' has {Partitions} partitions, and partitions cannot be taken away; ask for {Partitions} or more, or for another topic";
        if (wish.IsCompacted && !IsCompacted) return $"topic '{Name}' is not compacted, which cannot be changed while it exists; name another topic";
        if (wish.RetainFor is null && wish.RetainBytes is null) return null;
        return (wish.RetainFor, wish.RetainBytes) == (RetainFor, RetainBytes) ? null
            : $"topic '{Name}' keeps its records {Words}, which cannot be changed while it exists; leave out retention and maxBytes, or name another topic";
    }

    private string Words => string.Join(" and ", ((string?[])
    [
        RetainFor is { } age ? $"for {age:c}" : null, RetainBytes is { } bytes ? $"up to {bytes} bytes" : null,
        RetainFor is null && RetainBytes is null ? "for ever" : null,
    ]).OfType<string>());
}

/// <summary>The offsets that a partition holds.</summary>
/// <param name="Partition">From 0.</param>
/// <param name="First">Offset of the oldest record that is kept.</param>
/// <param name="Next">Offset that the next record will have.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PartitionRange(int Partition, long First, long Next);

/// <summary>How far a group has come in a partition.</summary>
/// <param name="Partition">From 0.</param>
/// <param name="Next">Where the group goes on.</param>
/// <param name="Lag">How many records are waiting.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct GroupPosition(int Partition, long Next, long Lag)
{
    /// <summary>The position of a group that goes on at an offset; what retention has removed does not wait.</summary>
    public static GroupPosition In(PartitionRange range, long next) => new(range.Partition, next, Math.Max(0, range.Next - Math.Max(next, range.First)));
}

/// <summary>A group of a topic.</summary>
/// <param name="Name">Group.</param>
/// <param name="Members">How many members live.</param>
public readonly record struct GroupSummary(string Name, int Members);

/// <summary>A member's wish to consume a topic in a group.</summary>
public sealed record Subscription
{
    /// <summary>Topic to read.</summary>
    public required string Topic { get; init; }
    /// <summary>Group that shares the partitions and the position.</summary>
    public required string Group { get; init; }
    /// <summary>Names this member; unique among the live members.</summary>
    public required string Member { get; init; }
    /// <summary>
    /// Names this member over its restarts, where it has such a name: with brokers that know static members (Kafka's KIP-345) one that comes again
    /// gets what it had at once, and nothing else moves; two at a time are one too many, and the older one is fenced.
    /// </summary>
    public string? Instance { get; init; }
    /// <summary>
    /// The run that this member belongs to. A member of a later run takes partitions away from those of earlier ones at once,
    /// and nobody of an earlier run can read or commit from then on.
    /// </summary>
    public long Epoch { get; init; }
    /// <summary>Where a group starts that has not committed yet.</summary>
    public StreamPosition Start { get; init; } = new StreamPosition.Beginning();
}

/// <summary>A place in a partition.</summary>
public abstract record StreamPosition
{
    private StreamPosition() { }

    /// <summary>The oldest record that is kept.</summary>
    public sealed record Beginning : StreamPosition;
    /// <summary>Behind the newest record.</summary>
    public sealed record End : StreamPosition;
    /// <summary>The first record at or behind an offset.</summary>
    /// <param name="Offset">From 0.</param>
    public sealed record At(long Offset) : StreamPosition;
    /// <summary>The first record that was produced at or after a time.</summary>
    /// <param name="Time">Compared with the records' timestamps.</param>
    public sealed record Since(DateTimeOffset Time) : StreamPosition;
}
