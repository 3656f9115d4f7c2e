using Conductor.StreamRider.Records;
using MassTransit;
using MassTransit.Context;

namespace Conductor.StreamRider.Producing;

/// <summary>
/// A message on its way to a topic. An outbox keeps the key with the transport's properties, and gives it back; messages of one partition key leave it
/// in order.
/// </summary>
internal sealed class TopicSendContext<TKey, T>(TKey key, T message, CancellationToken cancellationToken)
    : MessageSendContext<T>(message, cancellationToken), KafkaSendContext<TKey, T>, PartitionKeySendContext
    where T : class
{
    private const string KeyProperty = "Key";
    private byte[]? _stored;

    public TKey Key { get; set; } = key;

    /// <summary>The key as it is written; null for none.</summary>
    public byte[]? KeyBytes => _stored ?? KeyFormat.Write(Key);

    string? PartitionKeySendContext.PartitionKey
    {
        get => KeyBytes is { Length: > 0 } bytes ? Convert.ToBase64String(bytes) : null;
        set => throw new NotSupportedException("the key of a record is the partition key: set Key");
    }

    public override void WritePropertiesTo(IDictionary<string, object> properties)
    {
        base.WritePropertiesTo(properties);
        if (KeyBytes is { Length: > 0 } bytes) properties[KeyProperty] = Convert.ToBase64String(bytes);
    }

    public override void ReadPropertiesFrom(IReadOnlyDictionary<string, object> properties)
    {
        base.ReadPropertiesFrom(properties);
        if (ReadString(properties, KeyProperty) is { Length: > 0 } key) _stored = Convert.FromBase64String(key);
    }
}
