namespace Conductor.Domain.Streams.Pipelines;

/// <summary>Where a node's records come from.</summary>
public abstract record SourceDefinition
{
    /// <summary>The word that says what it is in YAML.</summary>
    public abstract string Type { get; }

    /// <summary>The same on a broker, where it is on one and names none.</summary>
    public virtual SourceDefinition On(string broker) => this;
}

/// <summary>A topic, read in a group.</summary>
/// <param name="Topic">Topic.</param>
/// <param name="Group">Under this name the node's instances share the partitions; every node has a group of its own.</param>
public sealed record TopicSource(string Topic, string Group) : SourceDefinition
{
    /// <summary>What happens when the topic does not hold the position any more at which the node was to go on.</summary>
    public LostPositionPolicy OnLostPosition { get; init; }

    /// <summary>Where the topic is; empty until the component says it.</summary>
    public string Broker { get; init; } = "";

    /// <inheritdoc />
    public override string Type => "topic";

    /// <inheritdoc />
    public override SourceDefinition On(string broker) => this with { Broker = Broker.Length > 0 ? Broker : broker };
}

/// <summary>A folder whose files are packets; new files are picked up as they appear. It has one partition.</summary>
/// <param name="Folder">Absolute, or below the service's data folder.</param>
/// <param name="Pattern">File names to take, with * and ?.</param>
public sealed record FolderSource(string Folder, string Pattern = "*.avro") : SourceDefinition
{
    /// <inheritdoc />
    public override string Type => "folder";
}

/// <summary>A step of a node.</summary>
/// <param name="Name">Names it in the node.</param>
/// <param name="Class">Which processor it is, such as <c>solar-system-filter</c>.</param>
/// <param name="Parameters">Its parameters by name; one that holds a single value has a list of one.</param>
public sealed record ProcessorDefinition(string Name, string Class, IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters);

/// <summary>Where a node's records go.</summary>
/// <param name="Name">Names it in the node.</param>
public abstract record SinkDefinition(string Name)
{
    /// <summary>The word that says what it is in YAML.</summary>
    public abstract string Type { get; }

    /// <summary>The same on a broker, where it is on one and names none.</summary>
    public virtual SinkDefinition On(string broker) => this;
}

/// <summary>A topic; created before the run where no buffer declares it.</summary>
/// <param name="Name">Names it in the node.</param>
/// <param name="Topic">Topic.</param>
public sealed record TopicSink(string Name, string Topic) : SinkDefinition(Name)
{
    /// <summary>Where the topic is; empty until the component says it.</summary>
    public string Broker { get; init; } = "";

    /// <inheritdoc />
    public override string Type => "topic";

    /// <inheritdoc />
    public override SinkDefinition On(string broker) => this with { Broker = Broker.Length > 0 ? Broker : broker };
}

/// <summary>Avro container files, each finished by rename.</summary>
/// <param name="Name">Names it in the node.</param>
/// <param name="Folder">Absolute, or below the service's data folder.</param>
public sealed record AvroFilesSink(string Name, string Folder) : SinkDefinition(Name)
{
    /// <inheritdoc />
    public override string Type => "avro-files";
    /// <summary>A file is finished so long after its beginning, twice as long at the latest.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(1);
    /// <summary>A file is finished when it holds so many bytes.</summary>
    public long MaxBytes { get; init; } = 256_000_000;
}
