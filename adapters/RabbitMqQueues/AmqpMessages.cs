using System.Globalization;
using Conductor.Domain.Recoverability.Failures;
using RabbitMQ.Client;

namespace Conductor.RabbitMqQueues;

/// <summary>Dead letters out of messages, and messages out of dead letters.</summary>
internal static class AmqpMessages
{
    private const string CorrelationId = "correlation-id";
    private const string ReplyTo = "reply-to";
    private const string Priority = "priority";
    private const string Type = "type";
    private const string AppId = "app-id";
    private const string Encoding = "content-encoding";
    private const string Timestamp = "timestamp";

    public static DeadLetter Read(string queue, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body) => new()
    {
        Queue = queue, MessageId = properties.MessageId, ContentType = properties.ContentType, Properties = PropertiesOf(properties),
        Headers = AmqpHeaders.Read(properties.Headers), Body = body.ToArray(),
    };

    /// <summary>
    /// The message as it was before it failed: under its old id, so that an inbox that has seen it knows it again. What tells of the failure is left out,
    /// and so is the sender's user, which the broker would compare with ours.
    /// </summary>
    /// <param name="letter">The letter.</param>
    /// <param name="added">Headers that it gets besides.</param>
    public static BasicProperties Again(DeadLetter letter, params ReadOnlySpan<MessageHeader> added)
    {
        var headers = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var header in letter.Headers)
            if (!MassTransitHeaders.IsOfFailure(header.Name) && AmqpHeaders.TryWrite(header, out var value)) headers[header.Name] = value;
        foreach (var header in added)
            if (AmqpHeaders.TryWrite(header, out var value)) headers[header.Name] = value;
        var properties = new BasicProperties { Headers = headers, Persistent = true };
        if (letter.MessageId is { } id) properties.MessageId = id;
        if (letter.ContentType is { } type) properties.ContentType = type;
        foreach (var (name, value) in letter.Properties) Set(properties, name, value);
        return properties;
    }

    private static Dictionary<string, string> PropertiesOf(IReadOnlyBasicProperties properties)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(CorrelationId, properties.CorrelationId);
        Add(ReplyTo, properties.ReplyTo);
        Add(Type, properties.Type);
        Add(AppId, properties.AppId);
        Add(Encoding, properties.ContentEncoding);
        if (properties.IsPriorityPresent()) all[Priority] = properties.Priority.ToString(CultureInfo.InvariantCulture);
        if (properties.IsTimestampPresent()) all[Timestamp] = properties.Timestamp.UnixTime.ToString(CultureInfo.InvariantCulture);
        return all;

        void Add(string name, string? value)
        {
            if (value is not null) all[name] = value;
        }
    }

    private static void Set(BasicProperties properties, string name, string value)
    {
        switch (name)
        {
            case CorrelationId: properties.CorrelationId = value; break;
            case ReplyTo: properties.ReplyTo = value; break;
            case Type: properties.Type = value; break;
            case AppId: properties.AppId = value; break;
            case Encoding: properties.ContentEncoding = value; break;
            case Priority: properties.Priority = byte.Parse(value, CultureInfo.InvariantCulture); break;
            case Timestamp: properties.Timestamp = new AmqpTimestamp(long.Parse(value, CultureInfo.InvariantCulture)); break;
            default: throw new ArgumentException($"there is no property '{name}'", nameof(name));
        }
    }
}
