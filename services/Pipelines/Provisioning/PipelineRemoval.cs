using Conductor.Domain.Streams.Groups;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Domain.Streams.Processing;
using Conductor.Files.AvroFiles;
using Conductor.Brokers;
using Conductor.Pipelines.Definitions;
using Conductor.Pipelines.Runtime;
using Conductor.Postgres.Pipelines;
using Microsoft.Extensions.Options;

namespace Conductor.Pipelines.Provisioning;

/// <summary>
/// Deletes a pipeline with what it has noted: positions, groups, fences of its sinks, the order of its folders' files, its dead letters. Topics and
/// files with records stay. What fails half-way is done by asking again.
/// </summary>
internal sealed class PipelineRemoval(
    PipelineStore store, StoredDefinitions definitions, ICheckpointStore checkpoints, IGroupStore groups, StreamBrokers brokers,
    IOptions<PipelineOptions> options)
{
    public async Task DeleteAsync(StoredPipeline pipeline, CancellationToken cancellationToken)
    {
        if (definitions.Of(pipeline).Definition is { } definition)
        {
            var others = await definitions.BesideAsync(pipeline.Name, cancellationToken);
            await DeleteTopicsAsync(definition, [.. others.SelectMany(other => other.Nodes)], cancellationToken);
            foreach (var node in definition.Nodes) DeleteNotes(node, NodeNames.Of(pipeline.Name, pipeline.Generation, node));
        }
        await checkpoints.DeleteAsync(pipeline.Name, cancellationToken);
        await groups.ForgetAsync(NodeNames.InstancesOf(pipeline.Name), cancellationToken);
        await store.DeleteAsync(pipeline.Name, cancellationToken);
    }

    // What other pipelines read or write as well is theirs, too.
    private async Task DeleteTopicsAsync(PipelineDefinition definition, IReadOnlyList<ProcessingNode> others, CancellationToken cancellationToken)
    {
        foreach (var source in definition.Nodes.Select(n => n.Source).OfType<TopicSource>().Where(s => !others.Any(o => o.Source is TopicSource used
            && (used.Broker, used.Topic, used.Group) == (s.Broker, s.Topic, s.Group))))
            await brokers.Get(source.Broker).ForgetGroupAsync(source.Topic, source.Group, cancellationToken);
        var letters = (definition.Broker, definition.DeadLetterTopic);
        if (!others.Any(o => o.Source is TopicSource read && (read.Broker, read.Topic) == letters
            || o.Sinks.OfType<TopicSink>().Any(s => (s.Broker, s.Topic) == letters)))
            await brokers.Get(definition.Broker).DeleteTopicAsync(definition.DeadLetterTopic, cancellationToken);
    }

    private void DeleteNotes(ProcessingNode node, string identity)
    {
        foreach (var sink in node.Sinks.OfType<AvroFilesSink>())
            SinkFences.Delete(NodeFactory.FilesOf(options.Value, identity, sink));
        var state = NodeFactory.StateFolderOf(options.Value, identity);
        if (node.Source is FolderSource && Directory.Exists(state)) Directory.Delete(state, recursive: true);
    }
}
