using Conductor.Pipelines.Topics;

namespace Conductor.Pipelines.Api;

/// <summary>A page of the topics of all brokers, or of one.</summary>
/// <param name="Total">How many there are in all, of those brokers that told.</param>
/// <param name="Items">Those of this page, by name.</param>
/// <param name="Unavailable">The brokers that did not tell theirs, with the reason.</param>
/// <param name="Brokers">All brokers of the service, whether asked or not.</param>
public sealed record TopicPage(
    long Total, IReadOnlyList<TopicSummary> Items, IReadOnlyDictionary<string, string> Unavailable, IReadOnlyList<string> Brokers);

/// <summary>A topic in a list.</summary>
public record TopicSummary
{
    /// <summary>The broker that has it.</summary>
    public required string Broker { get; init; }
    /// <summary>Its name at that broker.</summary>
    public required string Name { get; init; }
    /// <summary>How many partitions it has.</summary>
    public required int Partitions { get; init; }
    /// <summary>Records older than this may be removed, <c>d.hh:mm:ss</c>; null keeps them.</summary>
    public TimeSpan? Retention { get; init; }
    /// <summary>The oldest records beyond this size of a partition may be removed; null keeps them.</summary>
    public long? MaxBytes { get; init; }
    /// <summary>Whether of each key the newest record is kept.</summary>
    public bool Compacted { get; init; }
}

/// <summary>A topic with what it holds.</summary>
public sealed record TopicDetail : TopicSummary
{
    /// <summary>When offsets and groups were measured: a measurement serves all who ask within three seconds.</summary>
    public required DateTimeOffset MeasuredAt { get; init; }
    /// <summary>What each partition holds.</summary>
    public required IReadOnlyList<PartitionOffsets> Offsets { get; init; }
    /// <summary>The groups that read it, by name.</summary>
    public required IReadOnlyList<GroupView> Groups { get; init; }
}

/// <summary>What a partition holds.</summary>
/// <param name="Partition">From 0.</param>
/// <param name="First">Offset of the oldest record.</param>
/// <param name="Next">Offset that the next record will have.</param>
/// <param name="Records">How many there are; fewer where offsets have gaps.</param>
public sealed record PartitionOffsets(int Partition, long First, long Next, long Records);

/// <summary>A group that reads a topic.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Members">How many members live.</param>
/// <param name="Lag">Records that wait for it, in all partitions.</param>
/// <param name="Positions">How far it is in each partition.</param>
public sealed record GroupView(string Name, int Members, long Lag, IReadOnlyList<GroupOffset> Positions);

/// <summary>How far a group is.</summary>
/// <param name="Partition">From 0.</param>
/// <param name="Next">Where it goes on.</param>
/// <param name="Lag">Records that wait for it.</param>
public sealed record GroupOffset(int Partition, long Next, long Lag);

/// <summary>Records of a partition, the oldest first.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="First">Offset of the oldest record that it holds.</param>
/// <param name="End">Offset that the next record will have.</param>
/// <param name="Items">The records.</param>
/// <param name="Next">The offset to go on from; null when nothing came in time.</param>
/// <param name="EndedBy">
/// <c>limit</c>, or what left fewer than that: <c>end</c> of the partition, <c>bytes</c> (16 MB are read at most), <c>time</c> (nothing came for
/// seconds).
/// </param>
public sealed record RecordPage(int Partition, long First, long End, IReadOnlyList<RecordView> Items, long? Next, string EndedBy);

/// <summary>A record.</summary>
public sealed record RecordView
{
    /// <summary>Its partition.</summary>
    public required int Partition { get; init; }
    /// <summary>Its offset.</summary>
    public required long Offset { get; init; }
    /// <summary>When it was produced; null where nobody said.</summary>
    public DateTimeOffset? Timestamp { get; init; }
    /// <summary>Its key; null where it has none.</summary>
    public Preview? Key { get; init; }
    /// <summary>Its headers in the producer's order.</summary>
    public required IReadOnlyList<HeaderView> Headers { get; init; }
    /// <summary>Bytes of its value.</summary>
    public required int Size { get; init; }
    /// <summary>Whether it has no value at all, which is more than an empty one.</summary>
    public bool IsNull { get; init; }
    /// <summary>Why it cannot be processed; null when it can.</summary>
    public string? Fault { get; init; }
    /// <summary>The beginning of its value.</summary>
    public required Preview Value { get; init; }
}

/// <summary>A header of a record.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">Its value as text.</param>
public sealed record HeaderView(string Name, string Text);
