using Conductor.Contracts;
using Conductor.Domain.Streams.Brokers;
using Conductor.StreamRider.Configuration;
using Conductor.StreamRider.Producing;
using MassTransit.DependencyInjection;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MassTransit;

/// <summary>Adds topics to a bus.</summary>
public static class StreamRiderExtensions
{
    private const string BrokerKey = "conductor-stream-rider";

    /// <summary>
    /// The rider consumes topics of Kafka and produces to them, by the adapter of Kafka, or by the <see cref="KafkaBrokerFactory"/> that is registered
    /// as a service. Where <c>IGroupRuns</c> is a service, holders of partitions are numbered by it. One rider of this kind, on the default bus.
    /// </summary>
    /// <param name="rider">The rider.</param>
    /// <param name="configure">Says where Kafka is, and which topics are consumed.</param>
    public static void UsingKafka(this IRiderRegistrationConfigurator rider, Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure) =>
        rider.Use(isKafka: true, configure, provider =>
        {
            var factory = provider.GetService<KafkaBrokerFactory>() ?? KafkaBrokers.Create;
            return factory(provider.GetRequiredService<StreamRiderConfigurator>().KafkaHost, provider);
        });

    /// <summary>
    /// The rider consumes topics of any broker of streams and produces to them. One rider of this kind, on the default bus.
    /// </summary>
    /// <param name="rider">The rider.</param>
    /// <param name="broker">Gets the broker from the services, or makes one, which is then disposed of with them.</param>
    /// <param name="configure">Says which topics are consumed.</param>
    public static void UsingStreams(this IRiderRegistrationConfigurator rider,
        Func<IServiceProvider, IStreamBroker> broker, Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure) =>
        rider.Use(isKafka: false, configure, broker);

    /// <summary>Registers <see cref="ITopicProducer{TValue}"/> for a topic; its records have no key.</summary>
    public static void AddProducer<T>(this IRiderRegistrationConfigurator rider, string topicName)
        where T : class => rider.AddProducer<Ignore, T>(topicName, _ => null!);

    /// <summary>Registers <see cref="ITopicProducer{TKey, TValue}"/> for a topic.</summary>
    public static void AddProducer<TKey, T>(this IRiderRegistrationConfigurator rider, string topicName)
        where T : class
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(topicName);
        rider.TryAddScoped(provider => provider.GetRequiredService<ITopicProducerProvider>().GetProducer<TKey, T>(BusAddress.OfTopic(topicName)));
    }

    /// <summary>Registers <see cref="ITopicProducer{TValue}"/> for a topic, whose records have the key that a message holds.</summary>
    public static void AddProducer<TKey, T>(this IRiderRegistrationConfigurator rider, string topicName, KafkaKeyResolver<TKey, T> keyResolver)
        where T : class
    {
        rider.AddProducer<TKey, T>(topicName);
        rider.TryAddScoped<ITopicProducer<T>>(provider =>
            new KeyedTopicProducer<TKey, T>(provider.GetRequiredService<ITopicProducer<TKey, T>>(), keyResolver));
    }

    private static void Use(this IRiderRegistrationConfigurator rider, bool isKafka,
        Action<IRiderRegistrationContext, IKafkaFactoryConfigurator> configure, Func<IServiceProvider, IStreamBroker> broker)
    {
        rider.AddSingleton(provider =>
        {
            var configurator = new StreamRiderConfigurator(isKafka);
            configure(provider.GetRequiredService<Bind<IBus, IKafkaRider, IRiderRegistrationContext>>().Value, configurator);
            return configurator;
        });
        rider.AddKeyedSingleton(BrokerKey, (provider, _) => broker(provider));
        rider.AddSingleton(provider => ActivatorUtilities.CreateInstance<TopicTransports>(
            provider, provider.GetRequiredKeyedService<IStreamBroker>(BrokerKey)));
        // Whoever sends to an address of this scheme finds the transport by it, without knowing the rider.
        rider.AddKeyedSingleton<ISendTransportProvider>(BusAddress.TopicScheme, (provider, _) => provider.GetRequiredService<TopicTransports>());
        rider.TryAddScoped<ITopicProducerProvider>(provider => new TopicProducers(provider.GetRequiredService<TopicTransports>(), provider));
        rider.SetRiderFactory(new StreamRiderFactory());
    }
}
