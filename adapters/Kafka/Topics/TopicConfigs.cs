using System.Globalization;
using Conductor.Kafka.Connections;
using Confluent.Kafka.Admin;
using Wanted = Conductor.Domain.Streams.Brokers.TopicSpecification;

namespace Conductor.Kafka.Topics;

/// <summary>Topics' settings under Kafka's names (its documentation, section "Topic Configs").</summary>
internal static class TopicConfigs
{
    public const string LargestMessage = "max.message.bytes";
    private const string Age = "retention.ms";
    private const string Bytes = "retention.bytes";
    private const string Cleanup = "cleanup.policy";
    private const string Compact = "compact";
    private const string Delete = "delete";
    private const string SegmentAge = "segment.ms";
    private const string SegmentBytes = "segment.bytes";
    private const long SmallestSegment = 1_048_576;
    private const long LargestSegment = 1_073_741_824;

    public static TopicSpecification Of(Wanted topic, KafkaStreamOptions options)
    {
        var configs = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [LargestMessage] = Text(ClientSettings.LargestMessage(options)),
            [Age] = Text(topic.RetainFor is { } age ? (long)age.TotalMilliseconds : -1),
            [Bytes] = Text(topic.RetainBytes ?? -1),
            [Cleanup] = CleanupOf(topic),
        };
        // Only whole segments are removed, never the one that is being written: they are small where little time or room is wanted.
        if (topic.RetainFor is { } time) configs[SegmentAge] = Text(Math.Clamp((long)time.TotalMilliseconds / 5, 1_000, 604_800_000));
        if (topic.RetainBytes is { } room) configs[SegmentBytes] = Text(Math.Clamp(room / 5, SmallestSegment, LargestSegment));
        return new TopicSpecification
        {
            Name = topic.Name, NumPartitions = topic.Partitions, ReplicationFactor = options.Replication ?? -1, Configs = configs,
        };
    }

    public static Wanted Read(string name, int partitions, IReadOnlyDictionary<string, ConfigEntryResult> configs)
    {
        var age = long.Parse(configs[Age].Value, CultureInfo.InvariantCulture);
        var bytes = long.Parse(configs[Bytes].Value, CultureInfo.InvariantCulture);
        var isCompacted = configs[Cleanup].Value.Contains(Compact, StringComparison.Ordinal);
        // What only compacts looks at neither age nor size.
        var removes = configs[Cleanup].Value.Contains(Delete, StringComparison.Ordinal);
        return new Wanted(name, partitions, removes && age >= 0 ? AgeOf(age) : null, removes && bytes >= 0 ? bytes : null) { IsCompacted = isCompacted };
    }

    private static string CleanupOf(Wanted topic) =>
        !topic.IsCompacted ? Delete : topic.RetainFor is null && topic.RetainBytes is null ? Compact : $"{Compact},{Delete}";

    // Somebody's "for ever" may be more than a TimeSpan holds.
    private static TimeSpan AgeOf(long milliseconds) =>
        milliseconds >= TimeSpan.MaxValue.TotalMilliseconds ? TimeSpan.MaxValue : TimeSpan.FromMilliseconds(milliseconds);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
