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

    public IReadOnlyList<NodeContext> Create(PipelineDefinition definition, long epoch) =>
        [.. definition.Nodes.Select(node => new NodeContext
        {
            Pipeline = definition.Name,
            DeadLetterTopic = definition.DeadLetterTopic,
            Epoch = epoch,
            Definition = node,
            Sinks = [.. node.Sinks.Select(sink => Sink(definition.Name, node.Name, sink))],
            Broker = broker,
            Checkpoints = checkpoints,
            Groups = groups,
            OpenSourceAsync = (instance, cancellationToken) => SourceAsync(definition.Name, node, instance, epoch, cancellationToken),
            Status = new NodeStatus(),
            Metrics = metrics,
            Time = time,
            Logger = logger,
        })];

    private async Task<IRecordSource> SourceAsync(string pipeline, ProcessingNode node, int instance, long epoch, CancellationToken cancellationToken) =>
        node.Source switch
    {
        TopicSource topic =>
            await broker.SubscribeAsync(new Subscription { Topic = topic.Topic, Group = topic.Group, Member = $"{Process}/{instance}", Epoch = epoch },
                cancellationToken),
        FolderSource folder => new FolderRecordSource(new FolderSourceOptions
        {
            Folder = options.Value.Resolve(folder.Folder),
            Pattern = folder.Pattern,
            StateFolder = options.Value.Resolve(Path.Combine("sources", $"{pipeline}.{node.Name}")),
        }, time),
        _ => throw new ArgumentException($"unknown source {node.Source.Type}", nameof(node)),
    };

    private IRecordSink Sink(string pipeline, string node, SinkDefinition sink) => sink switch
    {
        TopicSink topic => new TopicRecordSink(broker, topic.Topic, partition => $"{pipeline}.{node}:{partition.Source}/{partition.Partition}"),
        AvroFilesSink files =>
            new AvroFilesRecordSink(
                new AvroFilesSinkOptions { Folder = options.Value.Resolve(files.Folder), Owner = $"{pipeline}.{node}.{sink.Name}" }, time),
        _ => throw new ArgumentException($"unknown sink {sink.Type}", nameof(sink)),
    };
}
