using Conductor.Domain.Avro.Containers;
using Conductor.Domain.Streams.Alerts;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Domain.Streams.Processing;

namespace Conductor.Pipelines.Runtime;

/// <summary>What the lanes of a node share: its definition, its run, and what it works with.</summary>
internal sealed class NodeContext
{
    private static readonly ContainerHeaderCache Headers = new();

    public required string Pipeline { get; init; }
    public required string DeadLetterTopic { get; init; }
    public required long Epoch { get; init; }
    public required ProcessingNode Definition { get; init; }

    /// <summary>Names the node in what it leaves in topics and files (<see cref="NodeNames"/>).</summary>
    public required string Identity { get; init; }
    public required IReadOnlyList<NamedSink> Sinks { get; init; }
    /// <summary>Where the dead letters go.</summary>
    public required IStreamBroker Broker { get; init; }
    /// <summary>The source's broker, where it knows transactions.</summary>
    public ITransactionalBroker? SourceTransactions { get; init; }
    /// <summary>The same, where all that the node writes is on it, too, so that each result shows exactly once.</summary>
    public ITransactionalBroker? Transactions { get; init; }
    public required ICheckpointStore Checkpoints { get; init; }
    public required IGroupStore Groups { get; init; }
    public required Func<int, CancellationToken, Task<IRecordSource>> OpenSourceAsync { get; init; }
    public required NodeStatus Status { get; init; }
    public required PipelineMetrics Metrics { get; init; }
    public required TimeProvider Time { get; init; }
    public required ILogger Logger { get; init; }

    /// <summary>Names the leases of the node's instances in the group store.</summary>
    public GroupKey Instances => new(NodeNames.InstancesOf(Pipeline), Definition.Name);

    /// <summary>Processors have no state, but the chain around them does: every lane has its own.</summary>
    public ProcessorChain CreateChain()
    {
        var processors = Definition.Processors.Select(AlertProcessors.Create);
        return new ProcessorChain(Definition.ChecksImages ? [new ImageCheck(), .. processors] : processors,
            fields => new ContainerPacketReader(fields, Headers), needsPackets: Definition.Sinks.Any(sink => sink is AvroFilesSink));
    }

    /// <summary>Names the transactions of a partition: whoever has it next finds what was left open.</summary>
    public string TransactionsOf(IPartitionReader reader) => NodeNames.OriginOf(Identity, new(reader.Source, reader.Partition, reader.Epoch));

    /// <summary>Under this key the position in a partition is kept.</summary>
    public CheckpointKey KeyOf(IPartitionReader reader) => NodeNames.KeyOf(Pipeline, Definition, reader.Source, reader.Partition);
}

/// <summary>A sink under the name that its definition gives it.</summary>
internal sealed record NamedSink(string Name, IRecordSink Sink);
