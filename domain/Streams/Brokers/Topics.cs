using System.Runtime.InteropServices;

namespace Conductor.Domain.Streams.Brokers;

/// <summary>A topic: partitions that keep records for a while.</summary>
/// <param name="Name">Letters, digits, dots, dashes and underscores, at most 200.</param>
/// <param name="Partitions">How many; at least 1.</param>
/// <param name="RetainFor">Records older than this may be removed; null keeps them.</param>
/// <param name="RetainBytes">Per partition: the oldest records beyond this size may be removed; null keeps them.</param>
public sealed record TopicSpecification(string Name, int Partitions = 1, TimeSpan? RetainFor = null, long? RetainBytes = null);

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
public readonly record struct GroupPosition(int Partition, long Next, long Lag);

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
