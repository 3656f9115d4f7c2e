using Conductor.Domain.Streams.Brokers;
using RabbitMQ.Client;

namespace Conductor.RabbitMqStreams.Consuming;

/// <summary>Positions as the consumer argument <c>x-stream-offset</c> (RabbitMQ's guide to streams, section "Consuming").</summary>
internal static class StreamOffset
{
    /// <summary>The beginning of the last chunk, which the broker sends whole.</summary>
    public const string LastChunk = "last";

    // The broker's clock may be a little behind a producer's: look earlier, and leave out what is too old.
    private const long ClockSkewSeconds = 5;

    public static object Of(StreamPosition position) => position switch
    {
        StreamPosition.Beginning => "first",
        StreamPosition.End => "next",
        StreamPosition.At at => at.Offset,
        StreamPosition.Since since => new AmqpTimestamp(Math.Max(0, since.Time.ToUnixTimeSeconds() - ClockSkewSeconds)),
        _ => throw new ArgumentOutOfRangeException(nameof(position), position, "unknown position"),
    };
}
