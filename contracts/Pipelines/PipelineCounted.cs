namespace Conductor.Contracts.Pipelines;

/// <summary>
/// How far a node of a pipeline has come, every few seconds while it changes. Counts are totals since the pipeline was made: the latest event says
/// everything, and one that was missed is no loss. The counts of a process, which has some of the node's partitions, come together with their place.
/// </summary>
public sealed record PipelineCounted : IHighVolumeEvent
{
    /// <inheritdoc />
    public static string Topic => "conductor.pipelines";

    string IHighVolumeEvent.Key => Pipeline;

    /// <summary>The pipeline; the key of the record.</summary>
    public required string Pipeline { get; init; }
    /// <summary>Its component.</summary>
    public required string Node { get; init; }
    /// <summary>What is read: a topic, or a folder.</summary>
    public required string Source { get; init; }
    /// <summary>Partition of the source, from 0.</summary>
    public required int Partition { get; init; }
    /// <summary>The run.</summary>
    public required long Epoch { get; init; }
    /// <summary>When it was counted.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>Records read; each is counted in one of the others as well.</summary>
    public required long Read { get; init; }
    /// <summary>Records that passed all processors.</summary>
    public required long Passed { get; init; }
    /// <summary>Records that a filter left out.</summary>
    public required long Skipped { get; init; }
    /// <summary>Records in the dead-letter topic.</summary>
    public required long DeadLettered { get; init; }
    /// <summary>Records that wait; null when not known.</summary>
    public long? Lag { get; init; }
}
