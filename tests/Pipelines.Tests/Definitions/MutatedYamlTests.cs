using System.Diagnostics;
using Conductor.Pipelines.Definitions;
using Conductor.Testing;

namespace Conductor.Pipelines.Tests.Definitions;

public class MutatedYamlTests
{
    private static readonly string[] Pieces =
    [
        "*a", "&a ", "<<: ", "!!binary ", "!!int ", "!x ", "? ", "- ", ": ", "{", "}", "[", "]", "'", "\"", "|", ">\n", "#", "%YAML 9.9\n", "---\n", "...\n",
        "\t", "\0", "\ud800", "\uffff", "\u2028", "99999999999999999999", "-1", "1e999",
        "null", "~", "0x", ".inf", "\\x00", "\\ud800", "${secret:a}", "password: x",
        "components:\n", "sinks: ", "folder: ../../etc", "folder: \"a\\0b\"", "type: ", "processors: [[]]", "params: [ { a: 1 }, { a: 2 } ]",
        "instances: 2147483648", "retention: 999999999d", "maxBytes: 999999999TiB", "every: 0s", "pattern: /",
    ];

    private static readonly string[] Sound =
    [
        """
        name: night
        components:
          buffer:
            type: stream-buffer
            topics: { alerts: { partitions: 4, retention: 7d, maxBytes: 2GB } }
          filter:
            type: processing-node
            instances: 2
            source: { topic: alerts, group: solar, onLostPosition: stop }
            processors:
              known: { class: solar-system-filter, params: { action: include, targets: [saturn, "10384"] } }
              good: { class: threshold, params: { field: candidate.rb, min: 0.55, nulls: pass } }
            sinks:
              out: { topic: solar }
              files: { type: avro-files, folder: archive, maxAge: 30s, maxBytes: 5MB }
            checkpoint: { every: 500ms, records: 100 }
        """,
        """
        component:
          id: filter
          type: processing-node
          params:
            - topicid: alerts
            - groupid: solar
          processors:
            - known:
                class: uk.org.example.SolarSystemFilter
                params:
                  - action: exclude
            - out:
                class: StreamWriter
                params: [ { topic: out } ]
        """,
        """{"name":"json","components":{"read":{"type":"processing-node","source":{"folder":"in"},"sinks":[{"topic":"out"},{"name":"x","folder":"o"}]}}}""",
    ];

    [Fact]
    public void Mutated_definitions_are_accepted_or_refused_with_line_and_path()
    {
        var mutations = Mutations.New();
        var (accepted, refused, slowest) = (0, 0, TimeSpan.Zero);
        for (var i = 0; i < Mutations.Count / 5; i++)
        {
            var text = mutations.Damage(mutations.OneOf(Sound), Pieces);
            var started = Stopwatch.GetTimestamp();
            var parsed = Parse(text, $"seed {mutations.Seed}, text {i}:\n{text}");
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(started).Ticks));
            (parsed.Definition is not null).ShouldBe(parsed.Errors.Count == 0, text);
            foreach (var error in parsed.Errors)
            {
                error.Line.ShouldBeGreaterThan(0, $"{error}\n{text}");
                error.Message.ShouldNotBeNullOrEmpty(text);
                error.Path.ShouldNotBeNull(text);
            }

            if (parsed.Definition is null) refused++;
            else accepted++;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"seed {mutations.Seed}: {accepted} accepted, {refused} refused, {slowest.TotalMilliseconds:N0} ms at most");
        accepted.ShouldBeGreaterThan(0);
        refused.ShouldBeGreaterThan(0);
        slowest.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    private static ParsedPipeline Parse(string text, string origin)
    {
        try
        {
            return PipelineYaml.Parse(text, "mutated.yaml");
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(origin, e);
        }
    }
}
