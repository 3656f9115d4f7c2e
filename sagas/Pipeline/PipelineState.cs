using MassTransit;

namespace Conductor.Sagas.Pipeline;

/// <summary>The life of one pipeline, across all of its runs.</summary>
public sealed class PipelineState : SagaStateMachineInstance
{
    /// <inheritdoc />
    public Guid CorrelationId { get; set; }
    /// <summary>Name of a <see cref="Domain.Streams.Pipelines.PipelineStatus"/>.</summary>
    public string CurrentState { get; set; } = "";
    /// <summary>The pipeline's name.</summary>
    public string Name { get; set; } = "";
    /// <summary>The latest run, from 1. What belongs to an earlier run is ignored and fenced.</summary>
    public long Epoch { get; set; }
    /// <summary>When the latest run was asked for.</summary>
    public DateTimeOffset? StartedAt { get; set; }
    /// <summary>When the state last changed.</summary>
    public DateTimeOffset UpdatedAt { get; set; }
    /// <summary>Why the latest run failed.</summary>
    public string? LastError { get; set; }
    /// <summary>Grows with every change of the row; PostgreSQL's <c>xmin</c>.</summary>
    public uint Version { get; set; }
}
