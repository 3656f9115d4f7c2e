namespace MassTransit;

/// <summary>Configures the topics that a rider consumes, and, for Kafka, how to reach it.</summary>
public interface IKafkaFactoryConfigurator : IRiderFactoryConfigurator, ISendPipelineConfigurator
{
    /// <summary>What Kafka's logs and quotas call this client.</summary>
    string ClientId { set; }

    /// <summary>How the connections are secured.</summary>
    SecurityProtocol? SecurityProtocol { set; }

    /// <summary>Where Kafka is. Only with <c>UsingKafka</c>.</summary>
    /// <param name="servers">Some of the cluster's brokers, as <c>host:port</c>.</param>
    /// <param name="configure">Credentials and certificates.</param>
    /// <exception cref="ConfigurationException">It was configured before.</exception>
    void Host(IReadOnlyList<string> servers, Action<IKafkaHostConfigurator>? configure = null);

    /// <summary>Consumes a topic in a group.</summary>
    /// <typeparam name="TKey">Type of the keys, as consumers ask for them (<see cref="KafkaConsumeContext{TKey}"/>).</typeparam>
    /// <typeparam name="TValue">What a record is whose headers name no type.</typeparam>
    /// <param name="topicName">The topic.</param>
    /// <param name="groupId">Consumers of one group share the topic's partitions and position.</param>
    /// <param name="configure">Adds consumers and sagas, retries, an outbox.</param>
    void TopicEndpoint<TKey, TValue>(string topicName, string groupId, Action<IKafkaTopicReceiveEndpointConfigurator<TKey, TValue>> configure)
        where TValue : class;
}

/// <summary>Shorter forms.</summary>
public static class KafkaConfiguratorExtensions
{
    /// <inheritdoc cref="IKafkaFactoryConfigurator.Host"/>
    /// <param name="configurator">The rider.</param>
    /// <param name="server">One or more of the cluster's brokers, as <c>host:port</c>, separated by commas.</param>
    /// <param name="configure">Credentials and certificates.</param>
    public static void Host(this IKafkaFactoryConfigurator configurator, string server, Action<IKafkaHostConfigurator>? configure = null) =>
        configurator.Host(server.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), configure);

    /// <summary>Consumes a topic in a group, without looking at keys.</summary>
    /// <inheritdoc cref="IKafkaFactoryConfigurator.TopicEndpoint{TKey, TValue}"/>
    public static void TopicEndpoint<T>(
        this IKafkaFactoryConfigurator configurator, string topicName, string groupId, Action<IKafkaTopicReceiveEndpointConfigurator<Ignore, T>> configure)
        where T : class => configurator.TopicEndpoint(topicName, groupId, configure);
}
