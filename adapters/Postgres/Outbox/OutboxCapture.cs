using System.Security.Cryptography;
using System.Text;
using MassTransit;
using MassTransit.Context;
using MassTransit.Serialization;

namespace Conductor.Postgres.Outbox;

/// <summary>Turns what MassTransit is about to send into a row of the outbox.</summary>
internal static class OutboxCapture
{
    /// <summary>
    /// Captures a message with its body, headers, addresses and scheduling. A delay becomes the row's due time and is taken off the
    /// context: the outbox waits, not the transport. Messages with the same partition key (records of a topic) become a sequence.
    /// </summary>
    /// <param name="context">The send context, as an <c>OutboxSendContext.AddSend</c> receives it.</param>
    /// <param name="now">The time from which a delay and a time to live count.</param>
    public static OutboxMessage Capture<T>(SendContext<T> context, DateTimeOffset now)
        where T : class
    {
        var due = context.Delay > TimeSpan.Zero ? now + context.Delay : null;
        context.Delay = null;
        var address = context.DestinationAddress ?? throw new MessageException(typeof(T), "the message has no destination");
        return new()
        {
            Id = Guid.CreateVersion7(now),
            MessageId = context.MessageId ??= NewId.NextGuid(),
            Destination = OutboxAddress.Shorten(address),
            ContentType = (context.ContentType ?? context.Serializer.ContentType).ToString(),
            Body = context.Serializer.GetMessageBody(context).GetBytes(),
            Envelope = OutboxEnvelope.Of(context, now).ToJson(),
            Headers = Json(context.Headers.GetAll()),
            Properties = context is TransportSendContext transport ? Json(PropertiesOf(transport)) : null,
            Due = due,
            Sequence = context is PartitionKeySendContext { PartitionKey: { } key } ? SequenceOf(address, key) : null,
            Token = context.ScheduledMessageId,
        };
    }

    private static Guid SequenceOf(Uri address, string key) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{address}\n{key}")).AsSpan(0, 16));

    private static Dictionary<string, object> PropertiesOf(TransportSendContext context)
    {
        var properties = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        context.WritePropertiesTo(properties);
        return properties;
    }

    private static string? Json(IEnumerable<KeyValuePair<string, object>> values)
    {
        var json = SystemTextJsonMessageSerializer.Instance.SerializeDictionary(values);
        return string.IsNullOrEmpty(json) || string.Equals(json, "{}", StringComparison.Ordinal) ? null : json;
    }
}
