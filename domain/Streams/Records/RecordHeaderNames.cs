namespace Conductor.Domain.Streams.Records;

/// <summary>Headers that Conductor sets on the records that it produces.</summary>
public static class RecordHeaderNames
{
    /// <summary>
    /// Where a record came from, as <c>origin@offset</c>, the origin being a component and the partition that it read. Records with
    /// the same value are copies of one record: a consumer that has seen the value drops the copy.
    /// </summary>
    public const string DedupeId = "conductor-dedupe-id";
    /// <summary>Dead letters: the file, or <c>topic/partition</c>, that the record was read from.</summary>
    public const string Source = "conductor-source";
    /// <summary>Dead letters: the position in the source.</summary>
    public const string Position = "conductor-position";
    /// <summary>Dead letters: <c>pipeline/component/step</c> that refused the record.</summary>
    public const string Component = "conductor-component";
    /// <summary>Dead letters: why.</summary>
    public const string Reason = "conductor-reason";
    /// <summary>Dead letters: when, ISO 8601.</summary>
    public const string FailedAt = "conductor-failed-at";
    /// <summary>Dead letters: when the record was produced, ISO 8601, where that is known.</summary>
    public const string ProducedAt = "conductor-produced-at";
    /// <summary>Dead letters: how many of the record's own headers are left out, because all of them together were too large.</summary>
    public const string LeftOut = "conductor-headers-left-out";
    /// <summary>What the names of Conductor's headers begin with; the value of each is text.</summary>
    public const string Prefix = "conductor-";
    /// <summary>Names and values of a record's headers take at most so many bytes; brokers have a limit that theirs and ours must stay below.</summary>
    public const int LargestInAll = 64 * 1024;
    /// <summary>Dead letters: how many bytes the record had, where the broker takes fewer and only its beginning is here.</summary>
    public const string OriginalBytes = "conductor-original-bytes";
    /// <summary>How many components the record has passed on its way through topics, to find those that go round.</summary>
    public const string Hops = "conductor-hops";
}
