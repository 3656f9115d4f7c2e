using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Conductor.Domain.Streams.Processing;
using Conductor.Engines;

namespace Conductor.Pipelines.Tests.Service;

/// <summary>Real ZTF packets from a folder through a topic and a filter to files; two damaged ones among them.</summary>
[Integration]
public sealed class RealPacketTests(PostgresServer postgres, RabbitMqServer rabbitMq, ITestOutputHelper output)
{
    [Fact]
    public async Task Every_packet_is_accounted_for_and_damaged_ones_become_dead_letters()
    {
        var files = Packets.Real();
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        var inbox = Directory.CreateDirectory(Path.Combine(service.Data, "in")).FullName;
        foreach (var file in files) File.Copy(file, Path.Combine(inbox, Path.GetFileName(file)), overwrite: true);
        var packets = Directory.GetFiles(inbox).Length;
        var truncated = File.ReadAllBytes(files[0])[..30_000];
        var flipped = Flip(files[1]);
        await File.WriteAllBytesAsync(Path.Combine(inbox, "a-truncated.avro"), truncated, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(inbox, "m-flipped.avro"), flipped, TestContext.Current.CancellationToken);

        await service.BeginAsync(Yaml(service.Id), service.Id);
        var copied = await service.ReadAsync(service.Id, "entry", packets + 2);
        Counts(copied).ShouldBe((packets + 2, packets, 0, 2));
        var filtered = await service.ReadAsync(service.Id, "filter", packets);
        await service.OrderAsync(service.Id, "stop");
        await service.StateAsync(service.Id, "Stopped");

        var expected = files.Where(IsKnownObject).Select(Candid).Order().ToList();
        Packets.Candids(Path.Combine(service.Data, "out")).Order().ShouldBe(expected);
        Counts(filtered).ShouldBe((packets, expected.Count, packets - expected.Count, 0));
        await CheckDeadLettersAsync(service, inbox, truncated, flipped);
        output.WriteLine($"{packets} packets: {expected.Count} near known objects");
    }

    [Fact]
    public async Task The_rate_of_real_packets_from_a_topic_through_a_filter_to_files_is_measured()
    {
        var copies = int.Parse(Environment.GetEnvironmentVariable("CONDUCTOR_PACKETS") ?? "500", System.Globalization.CultureInfo.InvariantCulture);
        var files = Packets.Real();
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        var inbox = Directory.CreateDirectory(Path.Combine(service.Data, "in")).FullName;
        for (var i = 0; i < copies; i++) File.Copy(files[i % files.Length], Path.Combine(inbox, $"{i:D6}.avro"));
        var clock = Stopwatch.StartNew();
        await service.BeginAsync(Yaml(service.Id), service.Id);
        var entry = await service.ReadAsync(service.Id, "entry", copies, seconds: 300);
        var entered = clock.Elapsed;
        var filtered = await service.ReadAsync(service.Id, "filter", copies, seconds: 300);
        Counts(entry).ShouldBe((copies, copies, 0, 0));
        ((long)filtered["read"]!).ShouldBe(copies);
        output.WriteLine(
            $"{copies} packets: {copies / entered.TotalSeconds:F0}/s from the folder (images checked) to the topic, "
            + $"{copies / clock.Elapsed.TotalSeconds:F0}/s from folder to files");
    }

    private static async Task CheckDeadLettersAsync(PipelineService service, string inbox, byte[] truncated, byte[] flipped)
    {
        var token = TestContext.Current.CancellationToken;
        var page = (await service.Http.GetFromJsonAsync<JsonNode>($"/api/pipelines/{service.Id}/dead-letters", token))!;
        ((long)page["total"]!).ShouldBe(2);
        foreach (var (file, original) in new[] { ("a-truncated.avro", truncated), ("m-flipped.avro", flipped) })
        {
            var letter = page["items"]!.AsArray().Single(l => (string?)l!["source"] == Path.Combine(inbox, file))!;
            ((string?)letter["component"]).ShouldBe($"{service.Id}/entry");
            ((string?)letter["position"])!.ShouldStartWith("value 0, byte ");
            ((string?)letter["reason"]).ShouldNotBeNullOrWhiteSpace();
            ((int)letter["sizeBytes"]!).ShouldBe(original.Length);
            var body = await service.Http.GetByteArrayAsync(
                $"/api/pipelines/{service.Id}/dead-letters/{letter["topic"]}/{letter["partition"]}/{letter["offset"]}/body", token);
            body.SequenceEqual(original).ShouldBeTrue("the dead letter holds the original bytes");
        }
    }

    // One bit inside an image, where Avro itself sees nothing.
    private static byte[] Flip(string file)
    {
        var bytes = File.ReadAllBytes(file);
        var image = bytes.AsSpan().IndexOf<byte>([0x1f, 0x8b, 0x08]);
        bytes[image + 5_000] ^= 0x10;
        return bytes;
    }

    private static long Candid(string file) => Packets.Values(file, "candid").Single().Integer;

    // What the published packets hold where there is no object: the text "null".
    private static bool IsKnownObject(string file) =>
        Packets.Values(file, "candidate.ssnamenr").Single() is { Kind: FieldValueKind.Text } name
            && Encoding.UTF8.GetString(name.Text.Span) is not ("null" or "");

    private static (long Read, long Passed, long Skipped, long Dead) Counts(JsonNode counters) =>
        ((long)counters["read"]!, (long)counters["passed"]!, (long)counters["skipped"]!, (long)counters["deadLettered"]!);

    private static string Yaml(string id) => $$"""
        name: {{id}}
        components:
          buffer:
            type: stream-buffer
            topics: { {{id}}.alerts: { partitions: 3, retention: 1d } }
          entry:
            type: processing-node
            source: { folder: in }
            sinks: { alerts: { topic: {{id}}.alerts } }
            checkpoint: { every: 500ms }
          filter:
            type: processing-node
            instances: 2
            source: { topic: {{id}}.alerts }
            processors: { known: { class: solar-system-filter, params: { action: include } } }
            sinks: { files: { folder: out } }
            checkpoint: { every: 500ms }
        """;
}
