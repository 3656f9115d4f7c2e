namespace Conductor.Console.Clients.Pipelines;

/// <summary>A pipeline as the pipelines service tells it; <see cref="Yaml"/> and <see cref="Topics"/> only where one was asked for.</summary>
public sealed record Pipeline
{
    public string Name { get; init; } = "";
    public string State { get; init; } = "";
    public long Epoch { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }
    public string? LastError { get; init; }
    public IReadOnlyList<PipelineComponent> Components { get; init => field = value ?? []; } = [];
    public string? Yaml { get; init; }
    public IReadOnlyList<TopicName> Topics { get; init => field = value ?? []; } = [];

    public Counters Total => Components.Aggregate(new Counters(), (sum, component) => sum.Plus(component.Counters));
    public double PerSecond => Components.Sum(component => component.PerSecond ?? 0);
    public long Lag => Components.Sum(component => component.Lag ?? 0);
}

/// <summary>A topic by its broker and its name there.</summary>
public sealed record TopicName(string Broker, string Name)
{
    public string Url => $"/topics/{Uri.EscapeDataString(Broker)}/{Uri.EscapeDataString(Name)}";
}

/// <summary>A component of a pipeline: what it read is passed + skipped + dead-lettered.</summary>
public sealed record PipelineComponent
{
    public string Name { get; init; } = "";
    public string Type { get; init; } = "";
    public int Instances { get; init; }
    public Counters Counters { get; init => field = value ?? new(); } = new();
    public double? PerSecond { get; init; }
    public long? Lag { get; init; }
    public string? LastError { get; init; }
}

/// <summary>Records since the first start of the pipeline.</summary>
public sealed record Counters
{
    public long Read { get; init; }
    public long Passed { get; init; }
    public long Skipped { get; init; }
    public long DeadLettered { get; init; }
    public long Written { get; init; }

    internal Counters Plus(Counters other) => new()
    {
        Read = Read + other.Read,
        Passed = Passed + other.Passed,
        Skipped = Skipped + other.Skipped,
        DeadLettered = DeadLettered + other.DeadLettered,
        Written = Written + other.Written,
    };
}

/// <summary>A record that could not be processed, and where its original bytes are.</summary>
public sealed record PoisonRecord
{
    public string Topic { get; init; } = "";
    public int Partition { get; init; }
    public long Offset { get; init; }
    public DateTimeOffset? At { get; init; }
    public string? Component { get; init; }
    public string? Source { get; init; }
    public System.Text.Json.JsonElement Position { get; init; }
    public string? Reason { get; init; }
    public long SizeBytes { get; init; }
}

/// <summary>A page of a list.</summary>
public sealed record ItemPage<T>
{
    public long Total { get; init; }
    public IReadOnlyList<T> Items { get; init => field = value ?? []; } = [];
}
