using System.Text.RegularExpressions;
using Conductor.Domain.Streams.Pipelines;
using YamlDotNet.RepresentationModel;

namespace Conductor.Pipelines.Definitions;

/// <summary>Reads the processors of a node. A writer among them becomes a sink; nothing may be filtered behind it.</summary>
internal static partial class ProcessorReader
{
    private static readonly string[] Writers = ["stream-writer", "kafka-stream-writer", "kafka-producer", "avro-file-writer", "avro-files"];

    public static (IReadOnlyList<ProcessorDefinition> Processors, IReadOnlyList<SinkDefinition> Writers) Read(YamlMap node)
    {
        var (processors, writers) = (new List<ProcessorDefinition>(), new List<SinkDefinition>());
        if (node.Map("processors") is not { } map) return (processors, writers);
        foreach (var (name, value) in map.Entries)
        {
            if (YamlMap.Of(node.Reading, value, map.Below(name)) is not { } processor) continue;
            var kind = ClassOf(processor.Required("class"));
            if (IsWriter(kind)) writers.Add(Writer(processor, name, kind));
            else if (IsUnknownWriter(kind))
            {
                node.Reading.Error(processor.Take("class")!, processor.Below("class"), $"unknown writer '{kind}'; known are {string.Join(", ", Writers)}");
                continue;
            }
            else
            {
                if (writers.Count > 0)
                    node.Reading.Error(value, processor.Path,
                        $"'{name}' stands behind the writer '{writers[^1].Name}', which writes what all processors passed; put it first");
                processors.Add(new ProcessorDefinition(name, kind, Parameters(processor)));
            }
            processor.Finish();
        }
        return (processors, writers);
    }

    /// <summary><c>uk.org.example.SolarSystemFilter</c> is <c>solar-system-filter</c>.</summary>
    private static string ClassOf(string written)
    {
        var last = written[(written.LastIndexOf('.') + 1)..];
        return WordStart().Replace(last, "-$1").TrimStart('-').ToLowerInvariant();
    }

    private static bool IsWriter(string kind) => Writers.Contains(kind);

    // A filter that nobody knows is told by the rules, with those that are known.
    private static bool IsUnknownWriter(string kind) => kind.EndsWith("writer", StringComparison.Ordinal)
        || kind.EndsWith("producer", StringComparison.Ordinal) || kind.EndsWith("sink", StringComparison.Ordinal);

    private static SinkDefinition Writer(YamlMap processor, string name, string kind)
    {
        var parameters = processor.Map("params") ?? processor;
        parameters.Tolerate("groupid", "a writer belongs to no group");
        SinkDefinition sink = kind.StartsWith("avro", StringComparison.Ordinal)
            ? SinkReader.FilesOf(parameters, name, parameters.Required("folder", "path"))
            : new TopicSink(name, parameters.Required("topic", "topicid")) { Broker = parameters.Text("broker") ?? "" };
        if (!ReferenceEquals(parameters, processor)) parameters.Finish();
        return sink;
    }

    private static Dictionary<string, IReadOnlyList<string>> Parameters(YamlMap processor)
    {
        var read = new Dictionary<string, IReadOnlyList<string>>();
        if (processor.Map("params") is not { } parameters) return read;
        foreach (var (name, value) in parameters.Entries)
        {
            parameters.Reading.Mark(parameters.Below(name), value);
            var texts = (value is YamlSequenceNode list ? list.ToList() : [value]).Select(v => (v as YamlScalarNode)?.Value).ToList();
            if (texts.Contains(null)) parameters.Reading.Error(value, parameters.Below(name), $"'{name}' is a text or a list of texts");
            else read[name] = texts!;
        }
        return read;
    }

    [GeneratedRegex("(?<=[a-z0-9])([A-Z])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex WordStart();
}
