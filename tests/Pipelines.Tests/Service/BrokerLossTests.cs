using Conductor.Engines;
using Conductor.Testing;
using RabbitMQ.Client;

namespace Conductor.Pipelines.Tests.Service;

/// <summary>What the broker loses under a pipeline: removed records, deleted queues.</summary>
[Integration]
public sealed class BrokerLossTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private const int Count = 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sinks_queue_that_was_deleted_is_made_again_and_so_is_a_sources_from_its_beginning()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        var inbox = Path.Combine(service.Data, "in");
        Packets.Generate(inbox, Count);
        await service.BeginAsync(Yaml(service.Id, "{}"), service.Id);
        await service.ReadAsync(service.Id, "copy", Count);
        await using (var connection = await new ConnectionFactory { Uri = new Uri(rabbitMq.ConnectionString) }.CreateConnectionAsync(Cancel))
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: Cancel))
            await channel.QueueDeleteAsync($"topic.{service.Id}.alerts.0", cancellationToken: Cancel);
        var all = Packets.Generate(inbox, Count, first: Count);
        await service.ReadAsync(service.Id, "read", 2 * Count);
        await service.ReadAsync(service.Id, "copy", 2 * Count);
        await service.OrderAsync(service.Id, "stop");
        await service.StateAsync(service.Id, "Stopped");
        Packets.Candids(Path.Combine(service.Data, "out")).Intersect(all).Count().ShouldBe(Count);
        service.Output.ShouldContain("the topic was made again");
    }

    [Fact]
    public async Task Records_that_retention_removed_while_a_pipeline_was_stopped_are_counted_and_told()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        var inbox = Path.Combine(service.Data, "in");
        // More than a few chunks, as they are written: where the last one alone is too much, retention empties the topic.
        var settings = "{ maxBytes: 4MB }";
        Packets.Generate(inbox, Count);
        await service.BeginAsync(Yaml(service.Id, settings), service.Id);
        await service.ReadAsync(service.Id, "copy", Count);
        await service.OrderAsync(service.Id, "stop");
        await service.StateAsync(service.Id, "Stopped");

        // Without the reader: far more than is kept.
        const int more = 400;
        Packets.Generate(inbox, more, first: Count);
        (await service.RegisterAsync(Yaml(service.Id, settings, copies: false), "?overwrite=true")).EnsureSuccessStatusCode();
        await service.OrderAsync(service.Id, "start");
        await service.ReadAsync(service.Id, "read", Count + more);
        await service.OrderAsync(service.Id, "stop");
        await service.StateAsync(service.Id, "Stopped");
        (await service.RegisterAsync(Yaml(service.Id, settings), "?overwrite=true")).EnsureSuccessStatusCode();
        await service.OrderAsync(service.Id, "start");

        var copy = await Eventually.BecomesAsync(() => CopyAsync(service), node => (long)node["counters"]!["lost"]! > 0, what: "the loss is counted");
        var lost = (long)copy["counters"]!["lost"]!;
        await service.ReadAsync(service.Id, "copy", Math.Max(Count, Count + more - lost));
        ((string?)(await CopyAsync(service))["lostPosition"]).ShouldNotBeNull().ShouldStartWith("retention has removed the records from offset 2");
        // The broker uses some offsets for itself, one for each segment at most.
        ((long)(await CopyAsync(service))["counters"]!["read"]! + lost).ShouldBeInRange(Count + more, Count + (2 * more), service.Output);
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> CopyAsync(PipelineService service) =>
        (await service.FindAsync(service.Id))["components"]!.AsArray().Single(c => (string?)c!["name"] == "copy")!;

    private static string Yaml(string id, string topic, bool copies = true) => $$"""
        name: {{id}}
        components:
          buffer: { type: stream-buffer, topics: { {{id}}.alerts: {{topic}} } }
          read:
            type: processing-node
            source: { folder: in }
            sinks: { alerts: { topic: {{id}}.alerts } }
            checkpoint: { every: 200ms }
        """ + (copies ? $$"""

          copy:
            type: processing-node
            source: { topic: {{id}}.alerts }
            sinks: { files: { folder: out } }
            checkpoint: { every: 200ms }
        """ : "");
}
