using Conductor.Console.Clients.Pipelines;

namespace Conductor.Console.Topics;

/// <summary>What is shown of the records that were found at a place, and where those beside them are.</summary>
internal sealed record RecordWindow(RecordPlace Place, TopicRecords Found)
{
    /// <summary>In the order in which they are shown.</summary>
    public IReadOnlyList<TopicRecord> Rows { get; } = Place.IsNewestFirst
        // Where the oldest are cut off by retention, an answer goes on behind the place.
        ? [.. Found.Items.Where(record => record.Offset < (Place.Before ?? long.MaxValue)).Reverse()]
        : Found.Items;

    /// <summary>Null on the last page of this direction.</summary>
    public string? Older => Lowest <= Found.First ? null : (Place.IsNewestFirst
        ? Place.Newest with { Before = Lowest }
        : Place.Newest with { Offset = Math.Max(Found.First, Lowest - RecordPlace.Size) }).Url;

    /// <summary>Null on the last page of this direction.</summary>
    public string? Newer => Place switch
    {
        { Before: { } before } when Place.IsNewestFirst =>
            (before < Found.End - RecordPlace.Size ? Place.Newest with { Before = before + RecordPlace.Size } : Place.Newest).Url,
        { IsNewestFirst: true } => null,
        _ => Found.Next < Found.End ? (Place.Newest with { Offset = Found.Next }).Url : null,
    };

    private long Lowest => Rows.Count > 0 ? Rows.Min(record => record.Offset) : Math.Min(Found.End, Place.Before - RecordPlace.Size ?? Found.End);
}
