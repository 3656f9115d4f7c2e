namespace Conductor.Kafka;

/// <summary>How to reach the cluster, and how much to have under way.</summary>
public sealed record KafkaStreamOptions
{
    /// <summary><c>host:port</c>, several divided by commas.</summary>
    public required string BootstrapServers { get; init; }
    /// <summary>
    /// librdkafka's properties by name, for every client: security above all (<see cref="Connections.KafkaSettings"/> reads them from configuration).
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    /// <summary>Name under which the clients show at the broker.</summary>
    public string ClientName { get; init; } = "conductor-streams";
    /// <summary>Records that a producer has under way at most before it waits for confirms.</summary>
    public int UnconfirmedRecords { get; init; } = 20_000;
    /// <summary>Bytes that a producer has under way at most before it waits for confirms.</summary>
    public long UnconfirmedBytes { get; init; } = 32_000_000;
    /// <summary>Bytes that are read ahead per partition, beside what the client has fetched (16 MB for all partitions of a member).</summary>
    public long BufferedBytes { get; init; } = 8_000_000;
    /// <summary>Largest value that is produced, in bytes; topics are made so that they take it. Topics that others made may take less.</summary>
    public int LargestRecord { get; init; } = 10_485_760;
    /// <summary>How batches are compressed on their way to the broker: none, gzip, snappy, lz4 or zstd.</summary>
    public string Compression { get; init; } = "lz4";
    /// <summary>
    /// How long a member of a group that does not show up keeps its partitions; the cluster's group.min.session.timeout.ms (6 s) is the least.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);
    /// <summary>How long a question to the cluster may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
    /// <summary>How often the records of a new topic are kept; the cluster's default where null.</summary>
    public short? Replication { get; init; }
    /// <summary>
    /// Whether members that have a name of their own (<c>Subscription.Instance</c>) are static ones: a process that died and comes again goes on at once,
    /// and one that leaves keeps its partitions from the others for the lease.
    /// </summary>
    public bool HasStaticMembers { get; init; }
}
