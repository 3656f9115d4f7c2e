using Conductor.Domain.Streams.Pipelines;

namespace Conductor.Pipelines.Definitions;

/// <summary>Reads a processing node.</summary>
internal static class NodeReader
{
    public static ProcessingNode? Read(YamlMap map, string id, string pipeline)
    {
        var defaults = new ProcessingNode(id) { Source = new FolderSource(""), Sinks = [] };
        var source = Source(map, $"{pipeline}.{id}");
        var (processors, writers) = ProcessorReader.Read(map);
        var sinks = SinkReader.Read(map);
        var checkpoint = map.Map("checkpoint");
        var node = source is null ? null : new ProcessingNode(id)
        {
            Instances = map.Integer("instances") ?? defaults.Instances,
            Broker = map.Text("broker") ?? "",
            Source = source,
            Transactions = map.Flag("transactions"),
            ChecksImages = map.Flag("checkImages") ?? source is FolderSource,
            Processors = processors,
            Sinks = [.. writers, .. sinks],
            CheckpointEvery = checkpoint?.Duration("every") ?? defaults.CheckpointEvery,
            CheckpointRecords = checkpoint?.Integer("records") ?? defaults.CheckpointRecords,
        };
        checkpoint?.Finish();
        return node;
    }

    // A node's source stands under 'source', or, in the oldest shape, in the component's own 'params'.
    private static SourceDefinition? Source(YamlMap node, string group)
    {
        var (source, parameters) = (node.Map("source"), node.Map("params"));
        if (source is not null && parameters is not null) node.Reading.Error(parameters.Node, parameters.Path, "'params' says what 'source' says already");
        if ((source ?? parameters) is not { } map)
        {
            node.Reading.Error(node.Node, node.Below("source"), "'source' is needed");
            return null;
        }
        map.Tolerate("kafkaurl", "the broker is set up elsewhere");
        var type = map.Text("type");
        var (topic, folder) = (map.Text("topic", "topicid"), map.Text("folder", "path"));
        if (topic is null == folder is null) map.Reading.Error(map.Node, map.Path, "a source is either a 'topic' or a 'folder'");
        if (type is not null && type != (topic is null ? "folder" : "topic"))
            map.Reading.Error(map.Take("type")!, map.Below("type"), $"unknown source '{type}'; known are topic, folder");
        SourceDefinition read = topic is not null
            ? new TopicSource(topic, map.Text("group", "groupid") ?? group) { OnLostPosition = OnLostPosition(map), Broker = map.Text("broker") ?? "" }
            : new FolderSource(folder ?? "", map.Text("pattern") ?? "*.avro");
        map.Finish();
        return read;
    }

    private static LostPositionPolicy OnLostPosition(YamlMap source)
    {
        if (source.Text("onLostPosition") is not { } text) return LostPositionPolicy.Earliest;
        LostPositionPolicy? policy = text switch
        {
            "earliest" => LostPositionPolicy.Earliest,
            "latest" => LostPositionPolicy.Latest,
            "stop" => LostPositionPolicy.Stop,
            _ => null,
        };
        if (policy is { } known) return known;
        source.Reading.Error(source.Take("onLostPosition")!, source.Below("onLostPosition"), $"'{text}' is no policy; known are earliest, latest, stop");
        return LostPositionPolicy.Earliest;
    }
}
