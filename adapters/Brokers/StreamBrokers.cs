using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Pipelines;

namespace Conductor.Brokers;

/// <summary>The brokers that topics can be on, by name.</summary>
public sealed class StreamBrokers
{
    /// <exception cref="InvalidOperationException">There is none of the default's name.</exception>
    public StreamBrokers(IReadOnlyList<IStreamBroker> brokers, string defaultName)
    {
        All = brokers;
        Default = Find(defaultName) ?? throw new InvalidOperationException(
            $"Pipelines:Broker names '{defaultName}', which is not configured; there is {string.Join(", ", brokers.Select(b => b.Name))}");
    }

    public IReadOnlyList<IStreamBroker> All { get; }

    /// <summary>Where topics are of which nothing else is said.</summary>
    public IStreamBroker Default { get; }

    public IStreamBroker? Find(string name) => All.FirstOrDefault(broker => broker.Name == name);

    /// <summary>The broker of a node's source, where it knows transactions.</summary>
    public ITransactionalBroker? TransactionsOf(ProcessingNode node) =>
        node.Source is TopicSource source ? Find(source.Broker) as ITransactionalBroker : null;

    /// <summary>The broker of all that a node reads and writes, dead letters among it, where it knows transactions and is one.</summary>
    public ITransactionalBroker? TransactionsOf(PipelineDefinition definition, ProcessingNode node) =>
        TransactionsOf(node) is { } broker && definition.Broker == broker.Name
            && node.Sinks.All(sink => sink is TopicSink topic && topic.Broker == broker.Name) ? broker : null;

    /// <summary>The broker that a definition names, which was looked up when it was read.</summary>
    public IStreamBroker Get(string name) => Find(name) ?? throw new StreamUnavailableException($"there is no broker '{name}' here");
}
