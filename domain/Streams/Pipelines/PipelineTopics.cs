using Conductor.Domain.Streams.Brokers;

namespace Conductor.Domain.Streams.Pipelines;

/// <summary>A topic and where it is.</summary>
/// <param name="Broker">Name of the broker.</param>
/// <param name="Topic">The topic.</param>
public readonly record struct BrokerTopic(string Broker, TopicSpecification Topic);

/// <summary>The topics that a pipeline needs.</summary>
public static class PipelineTopics
{
    /// <summary>All of them: those it declares first; what is only named gets one partition, unless it exists.</summary>
    public static IEnumerable<BrokerTopic> Of(PipelineDefinition definition) => Declared(definition)
        .Concat(definition.Nodes.Select(n => n.Source).OfType<TopicSource>().Select(s => new BrokerTopic(s.Broker, new(s.Topic))))
        .Concat(definition.Nodes.SelectMany(n => n.Sinks).OfType<TopicSink>().Select(s => new BrokerTopic(s.Broker, new(s.Topic))))
        .Append(new(definition.Broker, new(definition.DeadLetterTopic)))
        .DistinctBy(t => (t.Broker, t.Topic.Name));

    /// <summary>Those whose settings it names.</summary>
    public static IEnumerable<BrokerTopic> Declared(PipelineDefinition definition) =>
        definition.Components.OfType<StreamBuffer>().SelectMany(b => b.Topics.Select(topic => new BrokerTopic(b.Broker, topic)));

    /// <summary>One of them, with limits.</summary>
    public static TopicSpecification Find(PipelineDefinition definition, string broker, string topic) =>
        Of(definition).FirstOrDefault(t => t.Broker == broker && t.Topic.Name == topic).Topic?.Limited ?? new TopicSpecification(topic).Limited;
}
