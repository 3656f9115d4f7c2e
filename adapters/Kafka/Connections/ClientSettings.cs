using Conductor.Domain.Streams.Brokers;
using Confluent.Kafka;

namespace Conductor.Kafka.Connections;

/// <summary>The clients' settings; what is not set here is as librdkafka has it.</summary>
internal static class ClientSettings
{
    // Kept by every client, whatever a record says of itself: the batch around it and its key and headers.
    private const int Overhead = 512 * 1024;
    private const int FetchedBytes = 16_000_000;
    // Partitions that were added are noticed so soon.
    private static readonly TimeSpan MetadataAge = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestProduce = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestTransaction = TimeSpan.FromSeconds(60);
    // A member that hands partitions back waits for those who work on them.
    private static readonly TimeSpan LongestHandOver = TimeSpan.FromSeconds(30);

    /// <summary>Largest message that a topic is to take, with its key and headers.</summary>
    public static int LargestMessage(KafkaStreamOptions options) => options.LargestRecord + Overhead;

    public static AdminClientConfig Admin(KafkaStreamOptions options) => With(
        // How long a question takes at most, where it says nothing of that itself.
        new AdminClientConfig { SocketTimeoutMs = (int)options.Patience.TotalMilliseconds }, options, "admin");

    /// <summary>A producer of records that show together.</summary>
    public static ProducerConfig Transactions(KafkaStreamOptions options, string name)
    {
        var config = Producer(options);
        config.TransactionalId = name;
        // What a process that has died left open holds up the readers of committed records for so long, unless its successor is there before.
        config.TransactionTimeoutMs = (int)LongestTransaction.TotalMilliseconds;
        return config;
    }

    public static ProducerConfig Producer(KafkaStreamOptions options) => With(new ProducerConfig
    {
        EnableIdempotence = true,
        Acks = Acks.All,
        CompressionType = CompressionOf(options.Compression),
        LingerMs = 5,
        BatchSize = 1_000_000,
        MessageMaxBytes = LargestMessage(options),
        MessageTimeoutMs = (int)LongestProduce.TotalMilliseconds,
        QueueBufferingMaxKbytes = 256 * 1024,
        DeliveryReportFields = "value,status",
    }, options, "producing");

    public static ConsumerConfig Fetcher(KafkaStreamOptions options) => With(new ConsumerConfig
    {
        // Reading by assignment needs a name, and commits nothing under it.
        GroupId = $"{options.ClientName} reading",
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        AutoOffsetReset = AutoOffsetReset.Error,
        IsolationLevel = IsolationLevel.ReadCommitted,
        EnablePartitionEof = true,
        FetchMaxBytes = FetchedBytes,
        MaxPartitionFetchBytes = 2_000_000,
        QueuedMaxMessagesKbytes = FetchedBytes / 1000,
        // A client whose queue was full looks so soon whether there is room again; its own default is a second, in which readers have run dry.
        FetchQueueBackoffMs = 10,
        MessageMaxBytes = LargestMessage(options),
        ReceiveMessageMaxBytes = 200_000_000,
    }, options, "reading");

    public static ConsumerConfig Member(KafkaStreamOptions options, Subscription subscription) => With(new ConsumerConfig
    {
        GroupId = subscription.Group,
        GroupInstanceId = options.HasStaticMembers ? subscription.Instance : null,
        PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        SessionTimeoutMs = (int)options.Lease.TotalMilliseconds,
        HeartbeatIntervalMs = Math.Max(100, (int)options.Lease.TotalMilliseconds / 4),
        MaxPollIntervalMs = (int)Math.Max(LongestHandOver.TotalMilliseconds, options.Lease.TotalMilliseconds),
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        AutoOffsetReset = AutoOffsetReset.Latest,
        // It only belongs to the group: what it is given is read by another client.
        QueuedMinMessages = 1,
        QueuedMaxMessagesKbytes = 1,
        FetchMaxBytes = LargestMessage(options),
        MessageMaxBytes = LargestMessage(options),
        TopicMetadataRefreshIntervalMs = (int)MetadataAge.TotalMilliseconds,
    }, options, $"member {subscription.Member}");

    private static T With<T>(T config, KafkaStreamOptions options, string role) where T : ClientConfig
    {
        foreach (var (name, value) in options.Settings) config.Set(name, value);
        config.BootstrapServers = options.BootstrapServers;
        config.ClientId = $"{options.ClientName} {role}";
        config.SocketConnectionSetupTimeoutMs = (int)options.Patience.TotalMilliseconds;
        config.ReconnectBackoffMaxMs = 1_000;
        config.StatisticsIntervalMs = 5_000;
        // Its words come through the error handler; there is nobody at its console.
        config.LogConnectionClose = false;
        return config;
    }

    private static CompressionType CompressionOf(string name) => Enum.TryParse<CompressionType>(name, ignoreCase: true, out var known) ? known
        : throw new ArgumentException($"'{name}' is no compression; known are {string.Join(", ", Enum.GetNames<CompressionType>()).ToLowerInvariant()}");
}
