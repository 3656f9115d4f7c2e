namespace Conductor.Pipelines.Api;

/// <summary>A pipeline in a list.</summary>
public record PipelineSummary
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }
    /// <summary>Validated, Provisioning, Running, Draining, Stopped or Failed.</summary>
    public required string State { get; init; }
    /// <summary>Number of the latest run; 0 before the first.</summary>
    public required long Epoch { get; init; }
    /// <summary>When the latest run was asked for.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    /// <summary>When state or definition last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
    /// <summary>Why the latest run failed.</summary>
    public string? LastError { get; init; }
    /// <summary>Its components in the order of the definition.</summary>
    public required IReadOnlyList<ComponentView> Components { get; init; }
}

/// <summary>A pipeline with its definition.</summary>
public sealed record PipelineDetail : PipelineSummary
{
    /// <summary>The definition as it was registered.</summary>
    public required string Yaml { get; init; }
    /// <summary>The topics that it reads and writes, its dead letters among them; they are made when it starts.</summary>
    public required IReadOnlyList<TopicReference> Topics { get; init; }
}

/// <summary>A topic by its broker and its name there.</summary>
/// <param name="Broker">The broker.</param>
/// <param name="Name">The name.</param>
public sealed record TopicReference(string Broker, string Name);

/// <summary>A component and what it has done, over all runs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">stream-buffer or processing-node.</param>
/// <param name="Instances">How many are to run.</param>
/// <param name="Counters">Null for components that process nothing.</param>
/// <param name="PerSecond">Records read per second, over the last five seconds.</param>
/// <param name="Lag">Records that wait, or null when not known.</param>
/// <param name="LastError">What it is waiting for to work again, or null.</param>
public sealed record ComponentView(string Name, string Type, int Instances, CountersView? Counters, double PerSecond, long? Lag, string? LastError)
{
    /// <summary>
    /// The latest position that its source did not hold any more, and where it went on, since the service's start; null when there was none.
    /// </summary>
    public string? LostPosition { get; init; }
}

/// <summary><c>read = passed + skipped + deadLettered</c>.</summary>
/// <param name="Read">Records read, without copies.</param>
/// <param name="Passed">All processors passed them.</param>
/// <param name="Skipped">A processor skipped them.</param>
/// <param name="DeadLettered">They could not be decoded, processed or written, for reasons of their own.</param>
/// <param name="Written">Records that sinks took.</param>
/// <param name="Copies">Copies that were dropped.</param>
public sealed record CountersView(long Read, long Passed, long Skipped, long DeadLettered, long Written, long Copies)
{
    /// <summary>Records that were left out because the source did not hold the position any more; they do not count as read.</summary>
    public long Lost { get; init; }
}

/// <summary>A page of a list.</summary>
/// <param name="Total">How many there are in all.</param>
/// <param name="Items">Those of this page.</param>
public sealed record Page<T>(long Total, IReadOnlyList<T> Items);

/// <summary>A record that could not be decoded.</summary>
/// <param name="Topic">Topic that holds it.</param>
/// <param name="Partition">Partition of the topic.</param>
/// <param name="Offset">Offset in the partition.</param>
/// <param name="At">When it was set aside.</param>
/// <param name="Component">pipeline/component that refused it.</param>
/// <param name="Source">File, or topic/partition, that it was read from.</param>
/// <param name="Position">The place in the source.</param>
/// <param name="Reason">Why.</param>
/// <param name="SizeBytes">How large it is.</param>
public sealed record DeadLetterView(
    string Topic, int Partition, long Offset, DateTimeOffset At, string? Component, string? Source, string? Position, string? Reason, int SizeBytes);
