using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Conductor.Domain.Recoverability.Failures;
using RabbitMQ.Client;

namespace Conductor.RabbitMqQueues;

/// <summary>Headers of AMQP 0-9-1 (section 4.2.5, with RabbitMQ's types) as text that says what they were, and back.</summary>
internal static class AmqpHeaders
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static IReadOnlyList<MessageHeader> Read(IDictionary<string, object?>? headers) =>
        headers is null ? [] : [.. headers.Select(header => Read(header.Key, header.Value))];

    /// <summary>The value as it is sent again; false where the header is not.</summary>
    public static bool TryWrite(MessageHeader header, out object? value)
    {
        value = header.Kind switch
        {
            HeaderKind.Text => Encoding.UTF8.GetBytes(header.Text),
            HeaderKind.Bytes => Convert.FromBase64String(header.Text),
            HeaderKind.Integer => int.Parse(header.Text, CultureInfo.InvariantCulture),
            HeaderKind.Long => long.Parse(header.Text, CultureInfo.InvariantCulture),
            HeaderKind.Double => double.Parse(header.Text, CultureInfo.InvariantCulture),
            HeaderKind.Boolean => bool.Parse(header.Text),
            HeaderKind.Time => new AmqpTimestamp(long.Parse(header.Text, CultureInfo.InvariantCulture)),
            _ => null,
        };
        return value is not null;
    }

    private static MessageHeader Read(string name, object? value) => value switch
    {
        byte[] bytes => ReadBytes(name, bytes),
        string text => new(name, text),
        bool flag => new(name, flag ? "true" : "false", HeaderKind.Boolean),
        sbyte or byte or short or ushort or int => new(name, Convert.ToString(value, CultureInfo.InvariantCulture)!, HeaderKind.Integer),
        uint or long => new(name, Convert.ToString(value, CultureInfo.InvariantCulture)!, HeaderKind.Long),
        float or double => new(name, Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture), HeaderKind.Double),
        AmqpTimestamp time => new(name, time.UnixTime.ToString(CultureInfo.InvariantCulture), HeaderKind.Time),
        _ => new(name, JsonSerializer.Serialize(Plain(value)), HeaderKind.Structure),
    };

    private static MessageHeader ReadBytes(string name, byte[] bytes)
    {
        try
        {
            return new(name, Strict.GetString(bytes));
        }
        catch (DecoderFallbackException)
        {
            return new(name, Convert.ToBase64String(bytes), HeaderKind.Bytes);
        }
    }

    private static object? Plain(object? value) => value switch
    {
        byte[] bytes => ReadBytes("", bytes).Text,
        IDictionary<string, object?> table => table.ToDictionary(entry => entry.Key, entry => Plain(entry.Value)),
        IList list => list.Cast<object?>().Select(Plain).ToList(),
        AmqpTimestamp time => time.UnixTime,
        _ => value,
    };
}
