namespace Conductor.Domain.Streams.Brokers;

/// <summary>A dependency of a stream (broker, store, disk) does not work now; the same call may work later.</summary>
public sealed class StreamUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Somebody with a later epoch has taken over; the caller stops at once and writes nothing more.</summary>
public sealed class FencedException(string message) : Exception(message);

/// <summary>A partition does not hold the position at which reading was to go on.</summary>
/// <param name="wanted">The position.</param>
/// <param name="held">What the partition holds.</param>
public sealed class LostPositionException(long wanted, PartitionRange held) : Exception(
    wanted < held.First
        ? $"retention has removed the records from offset {wanted} on; the oldest that is kept is {held.First}"
        : $"offset {wanted} is behind the end, {held.Next}: the topic was made again")
{
    /// <summary>The position.</summary>
    public long Wanted { get; } = wanted;

    /// <summary>What the partition holds.</summary>
    public PartitionRange Held { get; } = held;

    /// <summary>Whether the partition starts anew, so that its offsets say nothing of what was read under them before.</summary>
    public bool IsBehindEnd => Wanted > Held.Next;

    /// <summary>How many records are left out when reading goes on at an offset.</summary>
    public long LeftOut(long next) => IsBehindEnd ? next - Held.First : next - Wanted;
}

/// <summary>There is no such topic or partition.</summary>
public sealed class UnknownTopicException(string topic) : Exception($"there is no topic '{topic}'")
{
    /// <summary>What was asked for.</summary>
    public string Topic { get; } = topic;
}
