namespace MassTransit;

/// <summary>Where a message was read. A payload of the contexts of what topics bring.</summary>
public interface KafkaConsumeContext
{
    /// <summary>The group that consumes.</summary>
    string GroupId { get; }

    /// <summary>The topic.</summary>
    string Topic { get; }

    /// <summary>From 0.</summary>
    int Partition { get; }

    /// <summary>Position in the partition.</summary>
    long Offset { get; }

    /// <summary>When the record was produced.</summary>
    DateTime CheckpointUtcDateTime { get; }
}

/// <summary>Where a message was read, and under which key.</summary>
public interface KafkaConsumeContext<out TKey> : KafkaConsumeContext
{
    /// <summary>The key; the default of its type where the record has none.</summary>
    /// <exception cref="FormatException">The record's key is not of this type.</exception>
    TKey? Key { get; }
}

/// <summary>Looks at where a message was read.</summary>
public static class KafkaConsumeContextExtensions
{
    /// <summary>The partition; null for a message that no topic brought.</summary>
    public static int? Partition(this ConsumeContext context) => context.TryGetPayload(out KafkaConsumeContext? read) ? read.Partition : null;

    /// <summary>The position in its partition; null for a message that no topic brought.</summary>
    public static long? Offset(this ConsumeContext context) => context.TryGetPayload(out KafkaConsumeContext? read) ? read.Offset : null;

    /// <summary>The key; the default of the type for a message that no topic with such keys brought.</summary>
    /// <exception cref="FormatException">The record's key is not of this type.</exception>
    public static TKey? GetKey<TKey>(this ConsumeContext context) =>
        context.TryGetPayload(out KafkaConsumeContext<TKey>? read) ? read.Key : default;
}
