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
}
