namespace MassTransit;

/// <summary>A topic as it is made where it does not exist.</summary>
public sealed class KafkaTopicOptions
{
    /// <summary>How many partitions. Default 1.</summary>
    public ushort NumPartitions { get; set; } = 1;

    /// <summary>
    /// Only 1, which is the default, and means what the cluster makes of a topic that names none (<c>default.replication.factor</c>).
    /// </summary>
    public short ReplicationFactor { get; set; } = 1;

    /// <summary>Records older than this may be removed. Default 7 days.</summary>
    public TimeSpan? Retention { get; set; }
}
