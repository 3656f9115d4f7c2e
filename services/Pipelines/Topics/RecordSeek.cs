using System.Globalization;
using Conductor.Domain.Streams.Brokers;

namespace Conductor.Pipelines.Topics;

/// <summary>Where in a partition somebody wants to look, and how far, as the query says it.</summary>
internal sealed record RecordSeek(int Partition, long? Offset, string? Since, int? Latest, int? Limit)
{
    private const int Most = 200;
    private const int Some = 50;

    // A page of records as large as some brokers take them would fill the memory.
    private const long MostBytes = 16_000_000;

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Complaint => this switch
    {
        { Partition: < 0 } => "partition is 0 or more",
        { Offset: < 0 } => "offset is 0 or more",
        { Latest: < 1 or > Most } => $"latest is 1 to {Most}",
        { Limit: < 1 or > Most } => $"limit is 1 to {Most}",
        { Since: not null } when Time is null => "since is a time such as 2026-11-30T08:00:00Z",
        _ when (Offset is null ? 0 : 1) + (Since is null ? 0 : 1) + (Latest is null ? 0 : 1) > 1 => "offset, since and latest exclude each other",
        _ => null,
    };

    private DateTimeOffset? Time =>
        DateTimeOffset.TryParse(Since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>What to read of a partition that holds a range; null where the place is behind its end.</summary>
    public WantedRecords? In(string topic, PartitionRange range)
    {
        var from = Offset ?? Math.Max(range.First, range.Next - (Latest ?? Limit ?? Some));
        if (range.First >= range.Next || from >= range.Next) return null;
        StreamPosition position = Time is { } time ? new StreamPosition.Since(time) : new StreamPosition.At(Math.Max(range.First, from));
        return new(topic, range.Partition, position, range.Next) { Limit = Limit ?? Latest ?? Some, MostBytes = MostBytes };
    }
}
