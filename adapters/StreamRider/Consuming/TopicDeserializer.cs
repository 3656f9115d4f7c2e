using System.Net.Mime;
using System.Runtime.Serialization;
using System.Text.Json;
using Conductor.StreamRider.Records;
using MassTransit;
using MassTransit.Serialization;

namespace Conductor.StreamRider.Consuming;

/// <summary>
/// Reads records of plain JSON. Without the header that names message types a record is of the endpoint's type: whoever produces it need know nothing
/// of MassTransit.
/// </summary>
internal sealed class TopicDeserializer<TKey, TValue> : IMessageDeserializer, ISerializerFactory
    where TValue : class
{
    public ContentType ContentType => TopicJson.MediaType;

    public IMessageSerializer CreateSerializer() => TopicJson.Serializer;

    public IMessageDeserializer CreateDeserializer() => this;

    public ConsumeContext Deserialize(ReceiveContext receiveContext)
    {
        var record = receiveContext.GetPayload<ConsumedRecord>();
        if (record.Record.Fault is { } fault) throw new SerializationException(fault);
        var (types, message) = record.Record.IsNull ? TombstoneOf(record) : MessageOf(record, receiveContext.TransportHeaders);
        return new BodyConsumeContext(receiveContext, ContextOf(new RecordMessageContext(record, receiveContext), types, message));
    }

    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
        throw new NotSupportedException("a record is read with its place in the topic");

    public MessageBody GetMessageBody(string text) => new StringMessageBody(text);

    public void Probe(ProbeContext context) => context.CreateScope("topic-json").Add("type", TypeCache<TValue>.ShortName);

    private static (string[] Types, JsonElement Message) MessageOf(ConsumedRecord record, Headers headers)
    {
        var named = headers.Get<string>(MessageHeaders.MessageType);
        return (string.IsNullOrWhiteSpace(named) ? MessageTypeCache<TValue>.MessageTypeNames : named.Split(';'), JsonOf(record.Record.Value));
    }

    private static (string[] Types, JsonElement Message) TombstoneOf(ConsumedRecord record) => (
        MessageTypeCache<Tombstone<TKey>>.MessageTypeNames,
        JsonSerializer.SerializeToElement(new Tombstone<TKey>(KeyFormat.Read<TKey>(record.Record.Key)), TopicJson.Options));

    private static JsonElement JsonOf(ReadOnlyMemory<byte> value)
    {
        try
        {
            var json = JsonSerializer.Deserialize<JsonElement>(value.Span, TopicJson.Options);
            if (json.ValueKind == JsonValueKind.Object) return json;
            throw new SerializationException($"the value is JSON, but not an object: {json.ValueKind}");
        }
        catch (JsonException e)
        {
            throw new SerializationException($"the value ({value.Length} bytes) is not JSON: {e.Message}", e);
        }
    }

    private static SystemTextJsonRawSerializerContext ContextOf(MessageContext context, string[] types, JsonElement message) => new(
        SystemTextJsonMessageSerializer.Instance, TopicJson.Options, TopicJson.MediaType, context, types, default, message);
}
