using Conductor.StreamRider.Producing;

namespace MassTransit;

/// <summary>Makes producers for topics whose names are known only at run time. Registered as scoped.</summary>
public interface ITopicProducerProvider : ISendObserverConnector
{
    /// <summary>A producer for a topic.</summary>
    /// <param name="address"><c>topic:NAME</c></param>
    /// <exception cref="ArgumentException">The address is not one of a topic.</exception>
    ITopicProducer<TKey, TValue> GetProducer<TKey, TValue>(Uri address)
        where TValue : class;
}

/// <summary>Producers without a key, or with one that the message holds.</summary>
public static class TopicProducerProviderExtensions
{
    /// <summary>A producer that gives its records no key.</summary>
    /// <inheritdoc cref="ITopicProducerProvider.GetProducer{TKey, TValue}(Uri)"/>
    public static ITopicProducer<TValue> GetProducer<TValue>(this ITopicProducerProvider provider, Uri address)
        where TValue : class => provider.GetProducer<Ignore, TValue>(address, _ => null!);

    /// <summary>A producer that takes the key from the message.</summary>
    /// <inheritdoc cref="ITopicProducerProvider.GetProducer{TKey, TValue}(Uri)"/>
    public static ITopicProducer<TValue> GetProducer<TKey, TValue>(
        this ITopicProducerProvider provider, Uri address, KafkaKeyResolver<TKey, TValue> keyResolver)
        where TValue : class => new KeyedTopicProducer<TKey, TValue>(provider.GetProducer<TKey, TValue>(address), keyResolver);
}

/// <summary>Takes the key of a record from the message and its context.</summary>
public delegate TKey KafkaKeyResolver<out TKey, in TValue>(KafkaSendContext<TValue> context)
    where TValue : class;

/// <summary>Stands for a key that nobody looks at.</summary>
public sealed class Ignore
{
    private Ignore()
    {
    }
}
