using MassTransit;

namespace Conductor.StreamRider.Producing;

/// <summary>Produces with the key that a message holds.</summary>
internal sealed class KeyedTopicProducer<TKey, T>(ITopicProducer<TKey, T> producer, KafkaKeyResolver<TKey, T> keyOf) : ITopicProducer<T>
    where T : class
{
    public ConnectHandle ConnectSendObserver(ISendObserver observer) => producer.ConnectSendObserver(observer);

    public Task Produce(T message, CancellationToken cancellationToken = default) =>
        Produce(message, Pipe.Empty<KafkaSendContext<T>>(), cancellationToken);

    public Task Produce(object values, CancellationToken cancellationToken = default) =>
        Produce(values, Pipe.Empty<KafkaSendContext<T>>(), cancellationToken);

    public Task Produce(T message, IPipe<KafkaSendContext<T>> pipe, CancellationToken cancellationToken = default) =>
        producer.Produce(default!, message, WithKey(pipe), cancellationToken);

    public Task Produce(object values, IPipe<KafkaSendContext<T>> pipe, CancellationToken cancellationToken = default) =>
        producer.Produce(default!, values, WithKey(pipe), cancellationToken);

    private IPipe<KafkaSendContext<TKey, T>> WithKey(IPipe<KafkaSendContext<T>> pipe) => Pipe.ExecuteAsync<KafkaSendContext<TKey, T>>(async context =>
    {
        context.Key = keyOf(context);
        if (pipe.IsNotEmpty()) await pipe.Send(context);
    });
}
