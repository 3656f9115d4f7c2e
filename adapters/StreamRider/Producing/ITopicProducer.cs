namespace MassTransit;

/// <summary>
/// Produces to a topic. A call returns when the broker has confirmed the record; while the broker cannot be reached it waits, until cancelled. Within
/// the transaction of an outbox the record is kept with the effects, and produced after their commit, in order per key.
/// </summary>
/// <typeparam name="TKey">
/// Records of one key keep their order. <see cref="string"/>, <c>byte[]</c>, <see cref="int"/>, <see cref="long"/>, <see cref="float"/> and
/// <see cref="double"/> are written as Kafka's serializers do, other types as JSON.
/// </typeparam>
/// <typeparam name="TValue">Written as JSON.</typeparam>
public interface ITopicProducer<TKey, TValue> : ISendObserverConnector
    where TValue : class
{
    /// <summary>Produces a message.</summary>
    /// <exception cref="Conductor.Domain.Streams.Brokers.UnknownTopicException">There is no such topic.</exception>
    /// <exception cref="Conductor.Domain.Streams.Processing.BadRecordException">The broker does not take so large a record.</exception>
    Task Produce(TKey key, TValue value, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="Produce(TKey, TValue, CancellationToken)"/>
    /// <param name="key">The key.</param>
    /// <param name="value">The message.</param>
    /// <param name="pipe">Sets headers, ids, or another key.</param>
    /// <param name="cancellationToken">Gives up; whether the record is in the topic is not known then.</param>
    Task Produce(TKey key, TValue value, IPipe<KafkaSendContext<TKey, TValue>> pipe, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="Produce(TKey, TValue, CancellationToken)"/>
    /// <param name="key">The key.</param>
    /// <param name="values">An object whose properties initialize the message.</param>
    /// <param name="cancellationToken">Gives up; whether the record is in the topic is not known then.</param>
    Task Produce(TKey key, object values, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="Produce(TKey, TValue, IPipe{KafkaSendContext{TKey, TValue}}, CancellationToken)"/>
    /// <param name="key">The key.</param>
    /// <param name="values">An object whose properties initialize the message.</param>
    /// <param name="pipe">Sets headers, ids, or another key.</param>
    /// <param name="cancellationToken">Gives up; whether the record is in the topic is not known then.</param>
    Task Produce(TKey key, object values, IPipe<KafkaSendContext<TKey, TValue>> pipe, CancellationToken cancellationToken = default);
}

/// <summary>Produces to a topic, with a key that the producer's registration takes from the message, or without one.</summary>
/// <inheritdoc cref="ITopicProducer{TKey, TValue}" path="/typeparam[@name='TValue']"/>
public interface ITopicProducer<TValue> : ISendObserverConnector
    where TValue : class
{
    /// <inheritdoc cref="ITopicProducer{TKey, TValue}.Produce(TKey, TValue, CancellationToken)"/>
    Task Produce(TValue message, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ITopicProducer{TKey, TValue}.Produce(TKey, TValue, CancellationToken)"/>
    /// <param name="message">The message.</param>
    /// <param name="pipe">Sets headers and ids.</param>
    /// <param name="cancellationToken">Gives up; whether the record is in the topic is not known then.</param>
    Task Produce(TValue message, IPipe<KafkaSendContext<TValue>> pipe, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ITopicProducer{TKey, TValue}.Produce(TKey, TValue, CancellationToken)"/>
    /// <param name="values">An object whose properties initialize the message.</param>
    /// <param name="cancellationToken">Gives up; whether the record is in the topic is not known then.</param>
    Task Produce(object values, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="Produce(TValue, IPipe{KafkaSendContext{TValue}}, CancellationToken)"/>
    /// <param name="values">An object whose properties initialize the message.</param>
    /// <param name="pipe">Sets headers and ids.</param>
    /// <param name="cancellationToken">Gives up; whether the record is in the topic is not known then.</param>
    Task Produce(object values, IPipe<KafkaSendContext<TValue>> pipe, CancellationToken cancellationToken = default);
}
