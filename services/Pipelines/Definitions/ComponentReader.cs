using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Pipelines;
using YamlDotNet.RepresentationModel;

namespace Conductor.Pipelines.Definitions;

/// <summary>Reads one component.</summary>
internal static class ComponentReader
{
    public static ComponentDefinition? Read(YamlMap map, string id, string pipeline)
    {
        var type = map.Required("type");
        ComponentDefinition? component = type switch
        {
            "stream-buffer" or "kafka-buffer" => Buffer(map, id),
            "processing-node" => NodeReader.Read(map, id, pipeline),
            _ => null,
        };
        if (type is "stream-buffer" or "kafka-buffer" or "processing-node") map.Finish();
        else if (type.Length > 0) map.Reading.Error(map.Take("type")!, map.Below("type"), $"unknown type '{type}'; known are stream-buffer, processing-node");
        return component;
    }

    private static StreamBuffer Buffer(YamlMap map, string id)
    {
        map.Tolerate("instances", "a stream-buffer has no instances of its own: the broker is set up elsewhere");
        map.Tolerate("serviceid", "the broker is set up elsewhere");
        var topics = new List<TopicSpecification>();
        if (map.Take("topics") is { } node) ReadTopics(map.Reading, node, map.Below("topics"), topics);
        else map.Reading.Error(map.Node, map.Below("topics"), "'topics' is needed");
        return new StreamBuffer(id, topics) { Broker = map.Text("broker") ?? "" };
    }

    // By name, or a list of mappings that name themselves, each of which may stand below a key 'topic' of its own.
    private static void ReadTopics(YamlReading reading, YamlNode node, string path, List<TopicSpecification> topics)
    {
        if (node is YamlSequenceNode list)
        {
            foreach (var item in list) ReadTopics(reading, item, path, topics);
            return;
        }
        if (YamlMap.Of(reading, node, path) is not { } map) return;
        var isNamed = node is YamlMappingNode m && m.Children.Keys.OfType<YamlScalarNode>().Any(k => k.Value is "topicid" or "name");
        if (isNamed)
        {
            var name = map.Required("name", "topicid");
            reading.Mark($"{path}.{name}", node);
            topics.Add(Topic(map, name));
            return;
        }
        foreach (var (name, value) in map.Entries)
        {
            if (name == "topic" && value is YamlSequenceNode) ReadTopics(reading, value, path, topics);
            else if (YamlMap.Of(reading, value, $"{path}.{name}") is { } settings) topics.Add(Topic(settings, name));
        }
    }

    private static TopicSpecification Topic(YamlMap map, string name)
    {
        map.Tolerate("replication", "the broker's own settings decide how often a topic is stored");
        var topic = new TopicSpecification(name, map.Integer("partitions") ?? 1, map.Duration("retention"), map.Size("maxBytes"))
        {
            IsCompacted = map.Flag("compacted") ?? false,
        };
        map.Finish();
        return topic;
    }
}
