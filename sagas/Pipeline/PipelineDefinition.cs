using MassTransit;

namespace Conductor.Sagas.Pipeline;

/// <summary>How the saga's messages are consumed: one endpoint, few at a time, since they are rare.</summary>
public sealed class PipelineSagaDefinition : SagaDefinition<PipelineState>
{
    /// <summary>Makes the definition.</summary>
    public PipelineSagaDefinition()
    {
        EndpointName = "pipeline";
        ConcurrentMessageLimit = 8;
    }
}
