using System.Text;
using Conductor.Domain.Streams.Records;
using RabbitMQ.Client;

namespace Conductor.RabbitMqStreams.Connections;

/// <summary>Properties of AMQP 0-9-1 messages (section 1.8 of the specification) as headers <c>amqp-*</c> of a record, and back.</summary>
internal static class AmqpProperties
{
    private const string Prefix = "amqp-";
    private const string Timestamp = Prefix + "timestamp";

    /// <summary>A short string of the protocol; a longer one stays a header.</summary>
    private const int LongestText = 255;

    private static readonly (string Name, Func<IReadOnlyBasicProperties, string?> Get, Action<BasicProperties, string> Set)[] Texts =
    [
        (Prefix + "content-type", properties => properties.ContentType, (properties, text) => properties.ContentType = text),
        (Prefix + "content-encoding", properties => properties.ContentEncoding, (properties, text) => properties.ContentEncoding = text),
        (Prefix + "correlation-id", properties => properties.CorrelationId, (properties, text) => properties.CorrelationId = text),
        (Prefix + "reply-to", properties => properties.ReplyTo, (properties, text) => properties.ReplyTo = text),
        (Prefix + "message-id", properties => properties.MessageId, (properties, text) => properties.MessageId = text),
        (Prefix + "type", properties => properties.Type, (properties, text) => properties.Type = text),
        (Prefix + "app-id", properties => properties.AppId, (properties, text) => properties.AppId = text),
    ];

    /// <summary>Those that are set, or null where none is, as in what Conductor writes itself.</summary>
    public static List<RecordHeader>? Of(IReadOnlyBasicProperties properties)
    {
        List<RecordHeader>? headers = null;
        foreach (var (name, get, _) in Texts)
        {
            if (get(properties) is { } text) (headers ??= []).Add(RecordHeader.Of(name, text));
        }
        if (properties.IsTimestampPresent()) (headers ??= []).Add(AmqpValue.Header(Timestamp, properties.Timestamp));
        return headers;
    }

    /// <summary>The time that somebody gave in whole seconds, or the default where nobody did.</summary>
    public static DateTimeOffset TimeOf(IReadOnlyBasicProperties properties) =>
        properties.IsTimestampPresent() ? AmqpValue.AtSeconds(properties.Timestamp) ?? default : default;

    /// <summary>Sets the property that a header stands for; false where it stands for none.</summary>
    public static bool TrySet(BasicProperties properties, in RecordHeader header)
    {
        if (!header.Name.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        if (header is { Name: Timestamp, Typed: AmqpTimestamp time })
        {
            properties.Timestamp = time;
            return true;
        }
        foreach (var (name, _, set) in Texts)
        {
            if (name != header.Name || header.Typed is not null || header.Value.Length > LongestText) continue;
            set(properties, Encoding.UTF8.GetString(header.Value.Span));
            return true;
        }
        return false;
    }
}
