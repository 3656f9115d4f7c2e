namespace MassTransit;

/// <summary>A message on its way to a topic.</summary>
public interface KafkaSendContext<out T> : SendContext<T>
    where T : class;

/// <summary>A message on its way to a topic, with its key.</summary>
public interface KafkaSendContext<TKey, out T> : KafkaSendContext<T>
    where T : class
{
    /// <summary>Decides the partition; null leaves the choice to the broker.</summary>
    TKey Key { get; set; }
}
