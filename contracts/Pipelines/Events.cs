namespace Conductor.Contracts.Pipelines;

/// <summary>Everything that a run needs is there.</summary>
public sealed record PipelineProvisioned
{
    /// <summary>Pipeline.</summary>
    public required Guid PipelineId { get; init; }
    /// <summary>The run.</summary>
    public required long Epoch { get; init; }
}

/// <summary>Reading has ended, and what was read is written and committed.</summary>
public sealed record PipelineDrained
{
    /// <summary>Pipeline.</summary>
    public required Guid PipelineId { get; init; }
    /// <summary>The run.</summary>
    public required long Epoch { get; init; }
}

/// <summary>A run cannot go on, and trying again would not help.</summary>
public sealed record PipelineFailed
{
    /// <summary>Pipeline.</summary>
    public required Guid PipelineId { get; init; }
    /// <summary>The run.</summary>
    public required long Epoch { get; init; }
    /// <summary>Why, for people.</summary>
    public required string Reason { get; init; }
}
