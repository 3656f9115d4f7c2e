namespace Conductor.Domain.Streams.Brokers;

/// <summary>A dependency of a stream (broker, store, disk) does not work now; the same call may work later.</summary>
public sealed class StreamUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Name of the broker that does not work; null where it is something else, or not known.</summary>
    public string? Broker { get; init; }
}

/// <summary>Somebody with a later epoch has taken over; the caller stops at once and writes nothing more.</summary>
public sealed class FencedException(string message) : Exception(message);

/// <summary>A partition does not hold the position at which reading was to go on.</summary>
/// <param name="wanted">The position.</param>
/// <param name="held">What the partition holds.</param>
/// <param name="isAnew">Whether it is known to have begun anew; otherwise the offsets tell.</param>
public sealed class LostPositionException(long wanted, PartitionRange held, bool isAnew = false) : Exception(
    isAnew || wanted > held.Next
        ? $"the topic was made again: offset {wanted} of what it was before says nothing"
        : $"retention has removed the records from offset {wanted} on; the oldest that is kept is {held.First}")
{
    /// <summary>The position.</summary>
    public long Wanted { get; } = wanted;

    /// <summary>What the partition holds.</summary>
    public PartitionRange Held { get; } = held;

    /// <summary>Whether the partition began anew, so that its offsets stand for other records than before.</summary>
    public bool BeganAnew { get; } = isAnew || wanted > held.Next;

    /// <summary>How many records are left out when reading goes on at an offset.</summary>
    public long LeftOut(long next) => BeganAnew ? next - Held.First : next - Wanted;
}

/// <summary>There is no such topic or partition.</summary>
public sealed class UnknownTopicException(string topic) : Exception($"there is no topic '{topic}'")
{
    /// <summary>What was asked for.</summary>
    public string Topic { get; } = topic;
}
