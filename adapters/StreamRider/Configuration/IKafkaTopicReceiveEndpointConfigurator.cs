namespace MassTransit;

/// <summary>
/// Configures how a topic is consumed. Records of a key are consumed in order; the position of the group moves over a record when it has been consumed,
/// or is in <c>TOPIC.error</c> or <c>TOPIC.skipped</c>.
/// </summary>
public interface IKafkaTopicReceiveEndpointConfigurator : IReceiveEndpointConfigurator
{
    /// <summary>Where a group begins that has no position, or whose position the topic does not hold any more. Default <c>Earliest</c>.</summary>
    AutoOffsetReset? AutoOffsetReset { set; }

    /// <summary>Names this member over its restarts, for brokers that know static members.</summary>
    string GroupInstanceId { set; }

    /// <summary>How often the position is stored. Default 1 s.</summary>
    TimeSpan CheckpointInterval { set; }

    /// <summary>After how many records of a partition the position is stored before that. Default 5,000.</summary>
    ushort CheckpointMessageCount { set; }

    /// <summary>How many records of a partition may be between the first that is not done and the last that was begun. Default 10,000.</summary>
    ushort MessageLimit { set; }

    /// <summary>Makes the topic where it does not exist when the endpoint starts.</summary>
    void CreateIfMissing(Action<KafkaTopicOptions>? configure = null);
}

/// <inheritdoc />
/// <typeparam name="TKey">Type of the keys.</typeparam>
/// <typeparam name="TValue">What a record is whose headers name no type.</typeparam>
public interface IKafkaTopicReceiveEndpointConfigurator<TKey, TValue> : IKafkaTopicReceiveEndpointConfigurator
    where TValue : class;

/// <summary>Where a group begins (Kafka's <c>auto.offset.reset</c>).</summary>
public enum AutoOffsetReset
{
    /// <summary>Behind the newest record: what was produced before is not consumed.</summary>
    Latest,
    /// <summary>At the oldest record that is kept.</summary>
    Earliest,
}
