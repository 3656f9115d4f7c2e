using System.Globalization;
using Conductor.Domain.Streams.Records;
using RabbitMQ.Client;

namespace Conductor.RabbitMqStreams.Connections;

/// <summary>
/// A record as an AMQP 0-9-1 message: the value is the body, key and timestamp (milliseconds, which the timestamp property lacks) are headers. Headers
/// keep their types, and properties that others set become headers that become those properties again (<see cref="AmqpProperties"/>).
/// </summary>
internal static class AmqpRecord
{
    private const string Key = RecordHeaderNames.Prefix + "key";
    private const string Timestamp = RecordHeaderNames.Prefix + "timestamp";
    private const string Null = RecordHeaderNames.Prefix + "null";
    private const string Offset = "x-stream-offset";

    public static BasicProperties PropertiesOf(in StreamRecord record, DateTimeOffset now)
    {
        var at = record.Timestamp == default ? now : record.Timestamp;
        var headers = new Dictionary<string, object?>(record.Headers.Count + 2);
        var properties = new BasicProperties { Headers = headers };
        foreach (var header in record.Headers)
        {
            if (!AmqpProperties.TrySet(properties, header)) headers[header.Name] = AmqpValue.Of(header);
        }
        headers[Timestamp] = at.ToUnixTimeMilliseconds();
        if (!record.Key.IsEmpty) headers[Key] = record.Key.ToArray();
        if (record.IsNull) headers[Null] = true;
        return properties;
    }

    /// <summary>Reads a message, whatever it is: one that is not as it should be is a record with a <see cref="StreamRecord.Fault"/>.</summary>
    public static StreamRecord Read(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, int partition)
    {
        var record = new StreamRecord { Value = body, Partition = partition, Offset = -1, Timestamp = AmqpProperties.TimeOf(properties) };
        var others = AmqpProperties.Of(properties);
        foreach (var (name, value) in properties.Headers ?? new Dictionary<string, object?>())
        {
            if (name == Offset) record = record with { Offset = Convert.ToInt64(value, CultureInfo.InvariantCulture) };
            else if (name == Timestamp && AmqpValue.MillisecondsOf(value) is { } at) record = record with { Timestamp = at };
            else if (name == Null && value is true) record = record with { IsNull = body.IsEmpty };
            else if (name == Key && AmqpValue.BytesOf(value) is { } key) record = record with { Key = key };
            else (others ??= []).Add(AmqpValue.Header(name, value));
        }
        return others is null ? record : record with { Headers = others, Fault = FaultOf(others) };
    }

    private static string? FaultOf(List<RecordHeader> headers)
    {
        foreach (var header in headers)
        {
            if (header.Name == Timestamp) return $"the header {Timestamp} is not a time in milliseconds: {header.Text}";
        }
        return RecordHeaders.FaultOf(headers);
    }
}
