using System.Globalization;
using System.Text;
using System.Text.Json;
using Conductor.Domain.Streams.Records;
using RabbitMQ.Client;

namespace Conductor.RabbitMqStreams.Connections;

/// <summary>Values of AMQP 0-9-1 headers as the client has them: text is a byte array, binary data, times and tables are types of their own.</summary>
internal static class AmqpValue
{
    /// <summary>What a header is written as.</summary>
    public static object? Of(in RecordHeader header) => ReferenceEquals(header.Typed, RecordHeader.NoValue) ? null : header.Typed ?? header.Value.ToArray();

    public static RecordHeader Header(string name, object? value) => value switch
    {
        byte[] text => new(name, text),
        BinaryTableValue binary => new(name, binary.Bytes) { Typed = binary },
        _ => new(name, Encoding.UTF8.GetBytes(TextOf(value))) { Typed = value ?? RecordHeader.NoValue },
    };

    public static ReadOnlyMemory<byte>? BytesOf(object? value) => value switch
    {
        byte[] text => new ReadOnlyMemory<byte>(text),
        BinaryTableValue binary => new ReadOnlyMemory<byte>(binary.Bytes),
        _ => default(ReadOnlyMemory<byte>?),
    };

    /// <summary>A whole number of any width as milliseconds since 1970, or null where it is none, or none that is a time.</summary>
    public static DateTimeOffset? MillisecondsOf(object? value) => value switch
    {
        long number => AtMilliseconds(number),
        sbyte or byte or short or ushort or int or uint => AtMilliseconds(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        AmqpTimestamp time => AtSeconds(time),
        _ => null,
    };

    public static DateTimeOffset? AtSeconds(AmqpTimestamp time) =>
        Math.Abs((double)time.UnixTime) < 1e14 ? AtMilliseconds(time.UnixTime * 1000) : null;

    private static DateTimeOffset? AtMilliseconds(long number) => number >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds()
        && number <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(number) : null;

    private static string TextOf(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        AmqpTimestamp time => AtSeconds(time)?.ToString("O", CultureInfo.InvariantCulture) ?? time.UnixTime.ToString(CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => JsonSerializer.Serialize(Plain(value)),
    };

    private static object? Plain(object? value) => value switch
    {
        byte[] text => Encoding.UTF8.GetString(text),
        BinaryTableValue binary => Convert.ToBase64String(binary.Bytes),
        IDictionary<string, object?> table => table.ToDictionary(entry => entry.Key, entry => Plain(entry.Value)),
        IList<object?> list => list.Select(Plain).ToList(),
        AmqpTimestamp => TextOf(value),
        _ => value,
    };
}
