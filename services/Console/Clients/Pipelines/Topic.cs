namespace Conductor.Console.Clients.Pipelines;

/// <summary>A topic as the pipelines service tells it; offsets and groups only where one was asked for.</summary>
public sealed record Topic
{
    public string Broker { get; init; } = "";
    public string Name { get; init; } = "";
    public int Partitions { get; init; }
    public TimeSpan? Retention { get; init; }
    public long? MaxBytes { get; init; }
    public bool Compacted { get; init; }
    public DateTimeOffset? MeasuredAt { get; init; }
    public IReadOnlyList<TopicPartition> Offsets { get; init => field = value ?? []; } = [];
    public IReadOnlyList<TopicGroup> Groups { get; init => field = value ?? []; } = [];

    public long Records => Offsets.Sum(partition => partition.Records);
    public long Lag => Groups.Sum(group => group.Lag);
}

/// <summary>The offsets that a partition holds.</summary>
public sealed record TopicPartition(int Partition, long First, long Next, long Records);

/// <summary>A group that reads a topic, and how many records wait for it.</summary>
public sealed record TopicGroup
{
    public string Name { get; init; } = "";
    public int Members { get; init; }
    public long Lag { get; init; }
    public IReadOnlyList<PartitionPosition> Positions { get; init => field = value ?? []; } = [];
}

/// <summary>How far a group is in a partition.</summary>
public sealed record PartitionPosition(int Partition, long Next, long Lag);

/// <summary>A page of topics; of the brokers that are away, the reason instead.</summary>
public sealed record TopicItems
{
    public long Total { get; init; }
    public IReadOnlyList<Topic> Items { get; init => field = value ?? []; } = [];
    public IReadOnlyDictionary<string, string> Unavailable { get; init => field = value ?? new Dictionary<string, string>(); } =
        new Dictionary<string, string>();
    public IReadOnlyList<string> Brokers { get; init => field = value ?? []; } = [];
}
