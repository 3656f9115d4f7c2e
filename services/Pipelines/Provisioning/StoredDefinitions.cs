using Conductor.Domain.Streams.Pipelines;
using Conductor.Pipelines.Definitions;
using Conductor.Postgres.Pipelines;

namespace Conductor.Pipelines.Provisioning;

/// <summary>Definitions as they are stored. One that an older version took and this one does not read is none.</summary>
internal static class StoredDefinitions
{
    /// <summary>What the stored text says, under the name that it is stored by; null when it cannot be read.</summary>
    public static PipelineDefinition? Definition(this StoredPipeline pipeline) =>
        PipelineYaml.Parse(pipeline.Yaml).Definition is { } definition ? definition with { Name = pipeline.Name } : null;

    /// <summary>The readable definitions of all pipelines but one.</summary>
    public static async Task<IReadOnlyList<PipelineDefinition>> DefinitionsBesideAsync(
        this PipelineStore store, string name, CancellationToken cancellationToken) =>
        [.. (await store.AllAsync(cancellationToken)).Where(other => other.Name != name).Select(Definition).OfType<PipelineDefinition>()];
}
