using Conductor.Domain.Streams.Records;
using Conductor.Kafka.Producing;
using Confluent.Kafka;

namespace Conductor.Kafka.Consuming;

/// <summary>What the client consumed, as a record.</summary>
internal static class FetchedRecord
{
    /// <summary>All of a record but key and value, which lie in the batch's memory.</summary>
    public static StreamRecord Of(ConsumeResult<FetchedBytes, FetchedBytes> result)
    {
        var message = result.Message;
        var record = new StreamRecord
        {
            Value = default, Partition = result.Partition.Value, Offset = result.Offset.Value, Timestamp = TimeOf(message.Timestamp),
            IsNull = message.Value.IsNull,
        };
        return KafkaHeaders.Read(message.Headers) is { } headers ? record with { Headers = headers, Fault = RecordHeaders.FaultOf(headers) } : record;
    }

    // Whoever wrote it may have written anything.
    private static DateTimeOffset TimeOf(Timestamp timestamp) =>
        timestamp.Type == TimestampType.NotAvailable || timestamp.UnixTimestampMs < 0
            || timestamp.UnixTimestampMs > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? default
            : DateTimeOffset.FromUnixTimeMilliseconds(timestamp.UnixTimestampMs);
}
