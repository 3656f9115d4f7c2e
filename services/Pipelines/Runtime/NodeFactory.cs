using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Domain.Streams.Processing;
using Conductor.Files.AvroFiles;
using Conductor.Files.Folders;
using Microsoft.Extensions.Options;

namespace Conductor.Pipelines.Runtime;

/// <summary>Makes the running parts that a definition names.</summary>
internal sealed class NodeFactory(
    IStreamBroker broker, ICheckpointStore checkpoints, IGroupStore groups, IOptions<PipelineOptions> options, PipelineMetrics metrics,
    TimeProvider time, ILogger<NodeFactory> logger)
{
    /// <summary>Names this process among those of the service.</summary>
    public string Process { get; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";

    public IReadOnlyList<NodeContext> Create(PipelineDefinition definition, long epoch, long generation) =>
        [.. definition.Nodes.Select(node => Create(definition, node, epoch, NodeNames.Of(definition.Name, generation, node)))];

    /// <summary>Folder of what a folder source notes of its files.</summary>
    public static string StateFolderOf(PipelineOptions options, string identity) => options.Resolve(Path.Combine("sources", identity));

    private NodeContext Create(PipelineDefinition definition, ProcessingNode node, long epoch, string identity) =>
        new()
        {
            Pipeline = definition.Name,
            DeadLetterTopic = definition.DeadLetterTopic,
            Epoch = epoch,
            Definition = node,
            Identity = identity,
            Sinks = [.. node.Sinks.Select(sink => new NamedSink(sink.Name, Sink(definition, identity, sink)))],
            Broker = broker,
            Checkpoints = checkpoints,
            Groups = groups,
            OpenSourceAsync = (instance, cancellationToken) => SourceAsync(identity, node, instance, epoch, cancellationToken),
            Status = new NodeStatus(),
            Metrics = metrics,
            Time = time,
            Logger = logger,
        };

    private async Task<IRecordSource> SourceAsync(string identity, ProcessingNode node, int instance, long epoch, CancellationToken cancellationToken) =>
        node.Source switch
    {
        TopicSource topic =>
            await broker.SubscribeAsync(new Subscription { Topic = topic.Topic, Group = topic.Group, Member = $"{Process}/{instance}", Epoch = epoch },
                cancellationToken),
        FolderSource folder => new FolderRecordSource(new FolderSourceOptions
        {
            Folder = options.Value.Resolve(folder.Folder),
            Pattern = folder.Pattern,
            StateFolder = StateFolderOf(options.Value, identity),
        }, time),
        _ => throw new ArgumentException($"unknown source {node.Source.Type}", nameof(node)),
    };

    private IRecordSink Sink(PipelineDefinition pipeline, string identity, SinkDefinition sink) => sink switch
    {
        TopicSink topic => new TopicRecordSink(broker, PipelineTopics.Find(pipeline, topic.Topic), identity),
        AvroFilesSink files =>
            new AvroFilesRecordSink(
                new AvroFilesSinkOptions { Folder = options.Value.Resolve(files.Folder), Owner = OwnerOf(identity, sink) }, time),
        _ => throw new ArgumentException($"unknown sink {sink.Type}", nameof(sink)),
    };

    /// <summary>Names a sink among all that write to its folder.</summary>
    public static string OwnerOf(string identity, SinkDefinition sink) => $"{identity}.{sink.Name}";
}
