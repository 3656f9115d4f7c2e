using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Domain.Streams.Processing;
using Conductor.Files.AvroFiles;
using Conductor.Files.Folders;
using Conductor.Brokers;
using Microsoft.Extensions.Options;

namespace Conductor.Pipelines.Runtime;

/// <summary>Makes the running parts that a definition names.</summary>
internal sealed class NodeFactory(
    StreamBrokers brokers, ICheckpointStore checkpoints, IGroupStore groups, IOptions<PipelineOptions> options, PipelineMetrics metrics,
    TimeProvider time, ILogger<NodeFactory> logger)
{
    /// <summary>Names this process among those of the service.</summary>
    public string Process { get; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";

    public IReadOnlyList<NodeContext> Create(PipelineDefinition definition, long epoch, long generation) =>
        [.. definition.Nodes.Select(node => Create(definition, node, epoch, NodeNames.Of(definition.Name, generation, node)))];

    /// <summary>Folder of what a folder source notes of its files.</summary>
    public static string StateFolderOf(PipelineOptions options, string identity) => options.Roots.Resolve(Path.Combine(PipelineOptions.OwnFolder, identity));

    private NodeContext Create(PipelineDefinition definition, ProcessingNode node, long epoch, string identity) =>
        new()
        {
            Pipeline = definition.Name,
            DeadLetterTopic = definition.DeadLetterTopic,
            Epoch = epoch,
            Definition = node,
            Identity = identity,
            Sinks = [.. node.Sinks.Select(sink => new NamedSink(sink.Name, Sink(definition, identity, sink)))],
            Broker = brokers.Get(definition.Broker),
            SourceTransactions = brokers.TransactionsOf(node),
            Transactions = node.Transactions == false ? null : brokers.TransactionsOf(definition, node),
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
            await brokers.Get(topic.Broker).SubscribeAsync(new Subscription
            {
                Topic = topic.Topic, Group = topic.Group, Member = $"{Process}/{instance}", Instance = $"{identity}/{instance}", Epoch = epoch,
            }, cancellationToken),
        FolderSource folder => new FolderRecordSource(new FolderSourceOptions
        {
            Folder = options.Value.Roots.Resolve(folder.Folder),
            Roots = options.Value.Roots,
            Pattern = folder.Pattern,
            StateFolder = StateFolderOf(options.Value, identity),
            MaxPacketBytes = options.Value.LargestPacketBytes,
        }, time),
        _ => throw new ArgumentException($"unknown source {node.Source.Type}", nameof(node)),
    };

    private IRecordSink Sink(PipelineDefinition pipeline, string identity, SinkDefinition sink) => sink switch
    {
        TopicSink topic => new TopicRecordSink(brokers.Get(topic.Broker), PipelineTopics.Find(pipeline, topic.Broker, topic.Topic), identity),
        AvroFilesSink files =>
            new AvroFilesRecordSink(FilesOf(options.Value, identity, files), time),
        _ => throw new ArgumentException($"unknown sink {sink.Type}", nameof(sink)),
    };

    /// <summary>Where and how a sink writes; its name tells it from all that write to its folder.</summary>
    public static AvroFilesSinkOptions FilesOf(PipelineOptions options, string identity, AvroFilesSink sink) => new()
    {
        Folder = options.Roots.Resolve(sink.Folder), Roots = options.Roots, Owner = $"{identity}.{sink.Name}", MaxFileAge = sink.MaxAge,
        MaxFileBytes = sink.MaxBytes,
    };
}
