namespace Conductor.Contracts.Pipelines;

/// <summary>Runs a pipeline whose definition is registered; nothing happens when it runs already.</summary>
public sealed record StartPipeline
{
    /// <summary><see cref="PipelineIds.Of"/> the name.</summary>
    public required Guid PipelineId { get; init; }
    /// <summary>Its name.</summary>
    public required string Name { get; init; }
}

/// <summary>Drains a pipeline, then stops it.</summary>
public sealed record StopPipeline
{
    /// <summary>Pipeline to stop.</summary>
    public required Guid PipelineId { get; init; }
}

/// <summary>Creates what a run needs: topics, folders.</summary>
public sealed record ProvisionPipeline
{
    /// <summary>Pipeline.</summary>
    public required Guid PipelineId { get; init; }
    /// <summary>Its name.</summary>
    public required string Name { get; init; }
    /// <summary>The run.</summary>
    public required long Epoch { get; init; }
}
