using System.Globalization;
using Conductor.Domain.Streams.Records;
using RabbitMQ.Client;

namespace Conductor.RabbitMqStreams.Connections;

/// <summary>
/// A record as an AMQP 0-9-1 message: the value is the body, headers are headers of type byte array, key and timestamp
/// (milliseconds, which the timestamp property lacks) are headers as well.
/// </summary>
internal static class AmqpRecord
{
    private const string Key = "conductor-key";
    private const string Timestamp = "conductor-timestamp";
    private const string Offset = "x-stream-offset";

    public static BasicProperties PropertiesOf(in StreamRecord record, DateTimeOffset now)
    {
        var at = record.Timestamp == default ? now : record.Timestamp;
        var headers = new Dictionary<string, object?>(record.Headers.Count + 2) { [Timestamp] = at.ToUnixTimeMilliseconds() };
        if (!record.Key.IsEmpty) headers[Key] = record.Key.ToArray();
        foreach (var header in record.Headers) headers[header.Name] = header.Value.ToArray();
        return new BasicProperties { Headers = headers };
    }

    public static StreamRecord Read(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, int partition)
    {
        byte[]? key = null;
        long offset = -1, timestamp = 0;
        List<RecordHeader>? others = null;
        foreach (var (name, value) in properties.Headers!)
        {
            if (name == Offset) offset = Convert.ToInt64(value, CultureInfo.InvariantCulture);
            else if (name == Timestamp && value is long milliseconds) timestamp = milliseconds;
            else if (name == Key) key = value as byte[];
            else if (value is byte[] bytes) (others ??= []).Add(new(name, bytes));
        }
        return new StreamRecord
        {
            Key = key,
            Value = body,
            Headers = others ?? (IReadOnlyList<RecordHeader>)[],
            Partition = partition,
            Offset = offset,
            Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(timestamp),
        };
    }
}
