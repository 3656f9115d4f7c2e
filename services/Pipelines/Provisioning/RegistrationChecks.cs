using Conductor.Domain.Streams.Groups;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Pipelines.Definitions;
using Conductor.Pipelines.Runtime;
using Conductor.Postgres.Pipelines;
using Microsoft.Extensions.Options;

namespace Conductor.Pipelines.Provisioning;

/// <summary>What is wrong with a definition beside what there is already: other pipelines, and topics.</summary>
internal sealed class RegistrationChecks(PipelineStore store, ITopicStore topics, IOptions<PipelineOptions> options)
{
    /// <summary>All of it; empty when the pipeline can be registered and run.</summary>
    public async Task<IReadOnlyList<PipelineError>> CheckAsync(PipelineDefinition definition, CancellationToken cancellationToken) =>
        [.. Folders(definition), .. await LoopsAsync(definition, cancellationToken), .. await TopicsAsync(definition, cancellationToken)];

    /// <summary>The folders that may not be used.</summary>
    public IEnumerable<PipelineError> Folders(PipelineDefinition definition)
    {
        foreach (var node in definition.Nodes)
        {
            var path = $"components.{node.Name}";
            if (node.Source is FolderSource source && options.Value.Roots.RefusalOf(source.Folder) is { } unreadable)
                yield return new(path + ".source.folder", unreadable);
            foreach (var sink in node.Sinks.OfType<AvroFilesSink>())
            {
                if (options.Value.Roots.RefusalOf(sink.Folder) is { } unwritable) yield return new($"{path}.sinks.{sink.Name}.folder", unwritable);
            }
        }
    }

    private async Task<IReadOnlyList<PipelineError>> LoopsAsync(PipelineDefinition definition, CancellationToken cancellationToken) =>
        PipelineLoops.Check(definition, await store.DefinitionsBesideAsync(definition.Name, cancellationToken), Resolve);

    // Two names of one folder are one folder; what cannot be used is told elsewhere.
    private string Resolve(string folder) => options.Value.Roots.RefusalOf(folder) is null ? options.Value.Roots.Resolve(folder) : folder;

    private async Task<List<PipelineError>> TopicsAsync(PipelineDefinition definition, CancellationToken cancellationToken)
    {
        var errors = new List<PipelineError>();
        foreach (var buffer in definition.Components.OfType<StreamBuffer>())
        {
            foreach (var topic in buffer.Topics)
            {
                if ((await topics.FindAsync(topic.Name, cancellationToken))?.RefusalOf(topic) is { } refusal)
                    errors.Add(new($"components.{buffer.Name}.topics.{topic.Name}", refusal));
            }
        }
        return errors;
    }
}
