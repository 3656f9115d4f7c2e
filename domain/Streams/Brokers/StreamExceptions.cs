namespace Conductor.Domain.Streams.Brokers;

/// <summary>A dependency of a stream (broker, store, disk) does not work now; the same call may work later.</summary>
public sealed class StreamUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Somebody with a later epoch has taken over; the caller stops at once and writes nothing more.</summary>
public sealed class FencedException(string message) : Exception(message);

/// <summary>There is no such topic or partition.</summary>
public sealed class UnknownTopicException(string topic) : Exception($"there is no topic '{topic}'")
{
    /// <summary>What was asked for.</summary>
    public string Topic { get; } = topic;
}
