using Conductor.Domain.Streams.Brokers;

namespace Conductor.Domain.Streams.Pipelines;

/// <summary>The topics that a pipeline needs.</summary>
public static class PipelineTopics
{
    /// <summary>All of them: those it declares first; what is only named gets one partition, unless it exists.</summary>
    public static IEnumerable<TopicSpecification> Of(PipelineDefinition definition) => Declared(definition)
        .Concat(definition.Nodes.Select(n => n.Source).OfType<TopicSource>().Select(s => new TopicSpecification(s.Topic)))
        .Concat(definition.Nodes.SelectMany(n => n.Sinks).OfType<TopicSink>().Select(s => new TopicSpecification(s.Topic)))
        .Append(new TopicSpecification(definition.DeadLetterTopic))
        .DistinctBy(t => t.Name);

    /// <summary>Those whose settings it names.</summary>
    public static IEnumerable<TopicSpecification> Declared(PipelineDefinition definition) =>
        definition.Components.OfType<StreamBuffer>().SelectMany(b => b.Topics);

    /// <summary>One of them, with limits.</summary>
    public static TopicSpecification Find(PipelineDefinition definition, string topic) =>
        Of(definition).FirstOrDefault(t => t.Name == topic)?.Limited ?? new TopicSpecification(topic).Limited;
}
