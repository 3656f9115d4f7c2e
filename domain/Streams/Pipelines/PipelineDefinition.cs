using Conductor.Domain.Streams.Brokers;

namespace Conductor.Domain.Streams.Pipelines;

/// <summary>A pipeline: components that are started and stopped together. Its YAML form is docs/pipelines.md.</summary>
/// <param name="Name">Names it among all pipelines.</param>
/// <param name="Components">At least one; names are unique.</param>
public sealed record PipelineDefinition(string Name, IReadOnlyList<ComponentDefinition> Components)
{
    /// <summary>
    /// Where its topics are of which nothing else is said, and its dead letters: <c>kafka</c>, <c>rabbitmq</c>. Empty until <see cref="On"/> says it.
    /// </summary>
    public string Broker { get; init; } = "";

    /// <summary>Topic that takes the records that the pipeline cannot decode.</summary>
    public string DeadLetterTopic => Name + ".dead-letters";

    /// <summary>Its processing nodes.</summary>
    public IEnumerable<ProcessingNode> Nodes => Components.OfType<ProcessingNode>();

    /// <summary>The same with a broker for every topic: its own, that of its component, of the pipeline, or, where none is named, this one.</summary>
    public PipelineDefinition On(string broker)
    {
        var own = Broker.Length > 0 ? Broker : broker;
        return this with { Broker = own, Components = [.. Components.Select(component => component.On(own))] };
    }
}

/// <summary>A part of a pipeline.</summary>
/// <param name="Name">Names it in the pipeline.</param>
public abstract record ComponentDefinition(string Name)
{
    /// <summary>The word that says what it is in YAML.</summary>
    public abstract string Type { get; }

    /// <summary>Where its topics are of which nothing else is said; empty until <see cref="On"/> says it.</summary>
    public string Broker { get; init; } = "";

    /// <summary>The same with a broker for each of its topics that names none.</summary>
    public virtual ComponentDefinition On(string broker) => this with { Broker = Broker.Length > 0 ? Broker : broker };
}

/// <summary>Topics that are created before the pipeline runs.</summary>
/// <param name="Name">Names it in the pipeline.</param>
/// <param name="Topics">At least one.</param>
public sealed record StreamBuffer(string Name, IReadOnlyList<TopicSpecification> Topics) : ComponentDefinition(Name)
{
    /// <inheritdoc />
    public override string Type => "stream-buffer";
}

/// <summary>Reads a source, asks its processors in turn, and writes what passes all of them to every sink.</summary>
public sealed record ProcessingNode(string Name) : ComponentDefinition(Name)
{
    /// <inheritdoc />
    public override string Type => "processing-node";
    /// <summary>How many run side by side, sharing the partitions.</summary>
    public int Instances { get; init; } = 1;
    /// <summary>Where records come from.</summary>
    public required SourceDefinition Source { get; init; }
    /// <summary>
    /// Whether the images in a packet are unpacked to verify their checksums, which finds most damage that leaves the packet's
    /// structure intact. For where packets enter; costs more than all the rest.
    /// </summary>
    public bool ChecksImages { get; init; }
    /// <summary>Asked in this order.</summary>
    public IReadOnlyList<ProcessorDefinition> Processors { get; init; } = [];
    /// <summary>At least one.</summary>
    public required IReadOnlyList<SinkDefinition> Sinks { get; init; }
    /// <summary>
    /// Whether results and position are committed together at the broker, so that readers of committed records see each result once: for topics at both
    /// ends of one broker that knows transactions. Null where it is.
    /// </summary>
    public bool? Transactions { get; init; }
    /// <summary>How often sinks are flushed and the position is stored; a file holds what came in between.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(2);
    /// <summary>A checkpoint is also due after so many records.</summary>
    public int CheckpointRecords { get; init; } = 10_000;

    /// <inheritdoc />
    public override ComponentDefinition On(string broker)
    {
        var own = Broker.Length > 0 ? Broker : broker;
        return this with { Broker = own, Source = Source.On(own), Sinks = [.. Sinks.Select(sink => sink.On(own))] };
    }
}
