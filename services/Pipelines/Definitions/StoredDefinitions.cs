using Conductor.Domain.Streams.Pipelines;
using Conductor.Postgres.Pipelines;

namespace Conductor.Pipelines.Definitions;

/// <summary>Definitions as they are stored. One that an older version took and this one does not read is none.</summary>
internal static class StoredDefinitions
{
    /// <summary>What the stored text says, under the name that it is stored by, or what is wrong with it.</summary>
    public static ParsedPipeline Parsed(this StoredPipeline pipeline)
    {
        var parsed = PipelineYaml.Parse(pipeline.Yaml);
        return parsed.Definition is { } definition ? parsed with { Definition = definition with { Name = pipeline.Name } } : parsed;
    }

    /// <summary>The readable definitions of all pipelines but one.</summary>
    public static async Task<IReadOnlyList<PipelineDefinition>> DefinitionsBesideAsync(
        this PipelineStore store, string name, CancellationToken cancellationToken) =>
        [.. (await store.AllAsync(cancellationToken)).Where(other => other.Name != name)
            .Select(other => other.Parsed().Definition).OfType<PipelineDefinition>()];
}
