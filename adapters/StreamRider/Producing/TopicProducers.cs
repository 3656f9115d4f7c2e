using Conductor.Contracts;
using MassTransit;

namespace Conductor.StreamRider.Producing;

/// <summary>Makes the producers of a scope.</summary>
internal sealed class TopicProducers(TopicTransports transports, IServiceProvider? scope) : ITopicProducerProvider
{
    public ConnectHandle ConnectSendObserver(ISendObserver observer) => transports.ConnectSendObserver(observer);

    public ITopicProducer<TKey, TValue> GetProducer<TKey, TValue>(Uri address)
        where TValue : class => new TopicProducer<TKey, TValue>(transports.Of(BusAddress.TopicOf(address)), scope);
}
