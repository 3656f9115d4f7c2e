using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Pipelines.Definitions;

namespace Conductor.Pipelines.Tests.Definitions;

public sealed class PipelineYamlTests
{
    private const string Sound = """
        name: night
        components:
          buffer:
            type: stream-buffer
            topics:
              alerts: { partitions: 4, retention: 7d, maxBytes: 2GB }
          filter:
            type: processing-node
            instances: 2
            source: { topic: alerts, group: solar }
            processors:
              known:
                class: solar-system-filter
                params: { action: include, targets: [saturn, "10384"] }
              good:
                class: threshold
                params: { field: candidate.rb, min: 0.55 }
            sinks:
              out: { topic: solar }
              files: { type: avro-files, folder: archive }
            checkpoint: { every: 500ms, records: 100 }
        """;

    [Fact]
    public void A_sound_definition_is_read_in_full()
    {
        var parsed = PipelineYaml.Parse(Sound);
        parsed.Errors.ShouldBeEmpty();
        var definition = parsed.Definition.ShouldNotBeNull();
        definition.Name.ShouldBe("night");
        ((StreamBuffer)definition.Components[0]).Topics.ShouldBe([new TopicSpecification("alerts", 4, TimeSpan.FromDays(7), 2_000_000_000)]);
        var node = definition.Nodes.Single();
        node.Instances.ShouldBe(2);
        node.Source.ShouldBe(new TopicSource("alerts", "solar"));
        node.ChecksImages.ShouldBeFalse();
        node.Processors.Select(p => p.Class).ShouldBe(["solar-system-filter", "threshold"]);
        node.Processors[0].Parameters["targets"].ShouldBe(["saturn", "10384"]);
        node.Sinks.ShouldBe([new TopicSink("out", "solar"), new AvroFilesSink("files", "archive")]);
        (node.CheckpointEvery, node.CheckpointRecords).ShouldBe((TimeSpan.FromMilliseconds(500), 100));
    }

    [Fact]
    public void A_folder_has_one_partition_and_its_images_are_checked()
    {
        const string Yaml =
            "name: a\ncomponents:\n  f:\n    type: processing-node\n    source: { folder: in, pattern: '*.avro' }\n    sinks: [ { topic: out } ]\n";
        var node = PipelineYaml.Parse(Yaml).Definition!.Nodes.Single();
        (node.Source, node.ChecksImages).ShouldBe((new FolderSource("in", "*.avro"), true));
        node.Sinks.ShouldBe([new TopicSink("sink-1", "out")]);
    }

    [Theory]
    [InlineData("  filter:\n    type: processing-node", "  filter:\n    typ: processing-node", 8, 5, "components.filter.type", "'type' is needed")]
    [InlineData("params: { action: include,", "params: { aktion: include,", 14, 27, "components.filter.processors.known.params.aktion",
        "unknown parameter 'aktion'")]
    [InlineData("class: threshold", "class: treshold", 16, 16, "components.filter.processors.good.class",
        "unknown processor 'treshold'; known are solar-system-filter, threshold")]
    [InlineData("instances: 2", "instances: two", 9, 16, "components.filter.instances", "'instances' is a whole number")]
    [InlineData("instances: 2", "instances: 0", 9, 16, "components.filter.instances", "instances are 1 to 256")]
    [InlineData("retention: 7d", "retention: 7 weeks", 6, 43, "components.buffer.topics.alerts.retention",
        "'retention' is a duration such as 7d, 2h, 30s or 500ms")]
    [InlineData("topic: solar ", "topic: alerts ", 10, 13, "components.filter.source",
        "its records would go round for ever: topic 'alerts' → night/filter → topic 'alerts'")]
    [InlineData("group: solar", "group: solar, onLostPosition: newest", 10, 60, "components.filter.source.onLostPosition",
        "'newest' is no policy; known are earliest, latest, stop")]
    [InlineData("retention: 7d", "retention: 999999999d", 6, 43, "components.buffer.topics.alerts.retention", "'retention' is a duration such as 7d")]
    [InlineData("type: stream-buffer", "type: strem-buffer", 4, 11, "components.buffer.type",
        "unknown type 'strem-buffer'; known are stream-buffer, processing-node")]
    [InlineData("name: night", "nam: night", 1, 1, "nam", "unknown key 'nam'")]
    [InlineData("{ topic: alerts, group: solar }", "{ group: solar }", 10, 13, "components.filter.source", "a source is either a 'topic' or a 'folder'")]
    [InlineData("folder: archive", "folder: archive, password: hunter2", 20, 61, "components.filter.sinks.files.password",
        "'password' holds a secret: write a reference such as ${secret:password} instead of the value")]
    public void What_is_wrong_is_reported_with_its_place(string good, string bad, int line, int column, string path, string message)
    {
        Sound.ShouldContain(good);
        var parsed = PipelineYaml.Parse(Sound.Replace(good, bad, StringComparison.Ordinal), "night.yaml");
        parsed.Definition.ShouldBeNull();
        var error = parsed.Errors.FirstOrDefault(e => e.Message.StartsWith(message, StringComparison.Ordinal))
            .ShouldNotBeNull(string.Join('\n', parsed.Errors));
        (error.File, error.Line, error.Column, error.Path).ShouldBe(("night.yaml", line, column, path));
    }

    [Fact]
    public void Every_error_is_reported_not_only_the_first()
    {
        var parsed = PipelineYaml.Parse(
            Sound.Replace("instances: 2", "instancs: 2", StringComparison.Ordinal).Replace("partitions: 4", "partition: 4", StringComparison.Ordinal));
        parsed.Errors.Select(e => e.Path).ShouldBe(["components.buffer.topics.alerts.partition", "components.filter.instancs"]);
    }

    [Theory]
    [InlineData("a: [", 2, "While parsing")]
    [InlineData("a: 1\na: 2\n", 2, "Duplicate key a")]
    [InlineData("- a\n", 1, "a mapping is expected")]
    [InlineData("name: a\nx: \"a\0b\"\n", 2, "holds no NUL")]
    [InlineData("a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n", 2, "aliases (*name) are not supported")]
    [InlineData("a:\n  b: 1\n  b: 2\n", 3, "Duplicate key b")]
    [InlineData("a: 1\n---\nb: 2\n", 2, "one YAML document is expected")]
    [InlineData("", 1, "one YAML document is expected, not 0")]
    [InlineData("a: &x [*x]\n", 1, "aliases (*name) are not supported")]
    [InlineData("a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n", 1, "deeper than 32")]
    public void Broken_YAML_is_reported_with_its_line(string text, int line, string message)
    {
        var parsed = PipelineYaml.Parse(text);
        parsed.Definition.ShouldBeNull();
        parsed.Errors.ShouldNotBeEmpty();
        parsed.Errors.ShouldContain(e => e.Line <= line && e.Line >= 1 && e.Message.Contains(message, StringComparison.OrdinalIgnoreCase),
            string.Join('\n', parsed.Errors));
    }

    [Fact]
    public void What_is_larger_than_any_pipeline_is_reported_with_its_line()
    {
        var (key, text) = (new string('k', 300), new string('t', 20_000));
        Refusal($"name: a\n{key}: 1\n").ShouldBe((2, "a key has at most 200 characters, not 300"));
        Refusal($"name: a\n? {{{key}: 1}}\n: 2\n").ShouldBe((2, "a key has at most 200 characters, not 300"));
        Refusal($"name: a\nx: [{text}]\n").ShouldBe((2, "a text has at most 10000 characters, not 20000"));
        Refusal($"name: a\nx: [{string.Join(',', Enumerable.Repeat('1', 60_000))}]\n").ShouldBe((2, "it holds more than 50000 keys and values"));
        Refusal(new string('x', 1_000_001)).Message.ShouldContain("at most 1000000 characters");
    }

    [Fact]
    public void No_more_errors_are_reported_than_somebody_reads()
    {
        var text = $"name: a\ncomponents: {{}}\n{string.Join('\n', Enumerable.Range(0, 9000).Select(i => $"unknown-{i}: 1"))}\n";
        PipelineYaml.Parse(text).Errors.Count.ShouldBe(100);
        PipelineYaml.Parse(Sound.Replace("class: threshold", $"class: {new string('x', 9000)}", StringComparison.Ordinal))
            .Errors.ShouldAllBe(error => error.Message.Length <= 500);
    }

    [Fact]
    public void JSON_is_read_like_YAML()
    {
        var json = PipelineJson.Replace("    ", "\t", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);
        foreach (var text in new[] { PipelineJson, json, string.Concat(PipelineJson.Split('\n').Select(line => line.Trim())) })
        {
            var parsed = PipelineYaml.Parse(text);
            parsed.Errors.ShouldBeEmpty();
            var node = parsed.Definition!.Nodes.ShouldHaveSingleItem();
            node.Source.ShouldBe(new FolderSource("in/new", "*.avro"));
            node.Processors[0].Parameters["targets"].ShouldBe(["(21665)Frege", "\u00e9\ud83d\ude00"]);
        }

        var wrong = PipelineYaml.Parse(PipelineJson.Replace("\"instances\": 1", "\"instances\": 0", StringComparison.Ordinal)).Errors.ShouldHaveSingleItem();
        (wrong.Line, wrong.Path).ShouldBe((6, "components.filter.instances"));
    }

    [Theory]
    [InlineData("uk.org.example.MariaDBWriter", "unknown writer 'maria-dbwriter'")]
    [InlineData("slack-writer", "unknown writer 'slack-writer'")]
    public void A_writer_that_nobody_knows_is_called_so(string writer, string message)
    {
        var yaml = $$"""
            name: a
            components:
              f:
                type: processing-node
                source: { topic: in }
                processors:
                  stream: { class: stream-writer, topic: out }
                  other: { class: {{writer}}, params: { url: x } }
            """;
        var error = PipelineYaml.Parse(yaml).Errors.ShouldHaveSingleItem();
        error.Message.ShouldStartWith(message);
        (error.Line, error.Path).ShouldBe((8, "components.f.processors.other.class"));
    }

    [Theory]
    [InlineData("../*.avro")]
    [InlineData("/etc/*")]
    [InlineData("")]
    public void A_pattern_names_no_folder(string pattern)
    {
        var source = $"source: {{ folder: in, pattern: '{pattern}' }}";
        var yaml = $"name: a\ncomponents:\n  f:\n    type: processing-node\n    {source}\n    sinks: [ {{ topic: out }} ]\n";
        PipelineYaml.Parse(yaml).Errors.ShouldHaveSingleItem().Path.ShouldBe("components.f.source.pattern");
    }

    private static (int Line, string Message) Refusal(string yaml)
    {
        var parsed = PipelineYaml.Parse(yaml);
        parsed.Definition.ShouldBeNull();
        return (parsed.Errors[0].Line, parsed.Errors[0].Message);
    }

    private const string PipelineJson = """
        {
            "name": "json",
            "components": {
                "filter": {
                    "type": "processing-node",
                    "instances": 1,
                    "source": { "folder": "in\/new", "pattern": "*.avro" },
                    "processors": {
                        "known": { "class": "solar-system-filter", "params": { "targets": ["(21665)Frege", "\u00e9\ud83d\ude00"] } }
                    },
                    "sinks": { "out": { "topic": "out" } }
                }
            }
        }
        """;

    [Fact]
    public void A_secret_may_be_referred_to()
    {
        var parsed = PipelineYaml.Parse(Sound.Replace("folder: archive", "folder: archive, password: \"${secret:archive}\"", StringComparison.Ordinal));
        // The key is unknown to this sink, but it is no secret.
        parsed.Errors.Single().Message.ShouldStartWith("unknown key 'password'");
    }
}
