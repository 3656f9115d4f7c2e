using Conductor.Domain.Streams.Pipelines;
using YamlDotNet.RepresentationModel;

namespace Conductor.Pipelines.Definitions;

/// <summary>Reads the sinks of a node: by name, or a list of sinks that may name themselves.</summary>
internal static class SinkReader
{
    public static IReadOnlyList<SinkDefinition> Read(YamlMap node)
    {
        var sinks = new List<SinkDefinition>();
        if (node.Take("sinks") is not { } value) return sinks;
        var path = node.Below("sinks");
        if (value is YamlSequenceNode list)
        {
            foreach (var item in list)
            {
                if (YamlMap.Of(node.Reading, item, path) is { } map) Add(sinks, map, map.Text("name") ?? $"sink-{sinks.Count + 1}");
            }
        }
        else if (YamlMap.Of(node.Reading, value, path) is { } named)
        {
            foreach (var (name, settings) in named.Entries)
            {
                if (YamlMap.Of(node.Reading, settings, named.Below(name)) is { } map) Add(sinks, map, name);
            }
        }
        return sinks;
    }

    public static AvroFilesSink FilesOf(YamlMap map, string name, string folder)
    {
        var files = new AvroFilesSink(name, folder);
        return files with { MaxAge = map.Duration("maxAge") ?? files.MaxAge, MaxBytes = map.Size("maxBytes") ?? files.MaxBytes };
    }

    private static void Add(List<SinkDefinition> sinks, YamlMap map, string name)
    {
        if (sinks.Any(s => s.Name == name)) map.Reading.Error(map.Node, map.Path, $"there is a sink '{name}' already");
        var type = map.Text("type");
        var (topic, folder) = (map.Text("topic", "topicid"), map.Text("folder", "path"));
        if (topic is null == folder is null) map.Reading.Error(map.Node, map.Path, "a sink has either a 'topic' or a 'folder'");
        if (type is not null && type != (topic is null ? "avro-files" : "topic"))
            map.Reading.Error(map.Take("type")!, map.Below("type"), $"unknown sink '{type}'; known are topic, avro-files");
        sinks.Add(topic is not null ? new TopicSink(name, topic) { Broker = map.Text("broker") ?? "" } : FilesOf(map, name, folder ?? ""));
        map.Finish();
    }
}
