using System.Net;
using Conductor.Engines;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Conductor.Pipelines.Tests.Service;

/// <summary>Pipelines that are replaced, or deleted and made again under their names.</summary>
[Integration]
public sealed class GenerationTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private const int Count = 60;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pipeline_made_again_under_its_name_begins_anew_and_what_the_former_one_left_swallows_nothing()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        var all = Packets.Generate(Path.Combine(service.Data, "in"), Count);
        await service.BeginAsync(Behind(service.Id), $"{service.Id}.behind");
        await service.BeginAsync(Filter(service.Id, "include", "first"), service.Id);
        var first = (long)(await service.ReadAsync(service.Id, "filter", Count))["passed"]!;
        first.ShouldBeInRange(1, Count - 1, "the filter takes some");
        await DeleteAsync(service, service.Id);

        await service.BeginAsync(Filter(service.Id, "exclude", "second"), service.Id);
        var second = (long)(await service.ReadAsync(service.Id, "filter", Count))["passed"]!;
        second.ShouldBe(Count - first);
        var behind = await service.ReadAsync($"{service.Id}.behind", "copy", Count);
        ((long)behind["read"]!, (long)behind["copies"]!).ShouldBe((Count, 0));
        await StopAsync(service, service.Id);
        await StopAsync(service, $"{service.Id}.behind");
        Packets.Candids(Path.Combine(service.Data, "out")).Order().ShouldBe(all.Order());
        Packets.Candids(Path.Combine(service.Data, "copied")).Order().ShouldBe(all.Order());
    }

    [Fact]
    public async Task Another_group_reads_from_its_own_position_and_its_sinks_take_what_they_hold_of_the_former_once_more()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        var all = Packets.Generate(Path.Combine(service.Data, "in"), Count);
        await service.BeginAsync(Filter(service.Id, "include", "first", topic: "alerts"), service.Id);
        var first = (long)(await service.ReadAsync(service.Id, "filter", Count))["passed"]!;
        await StopAsync(service, service.Id);
        (await service.RegisterAsync(Filter(service.Id, "exclude", "second", topic: "alerts"), "?overwrite=true")).StatusCode.ShouldBe(HttpStatusCode.Created);
        await service.OrderAsync(service.Id, "start");
        ((long)(await service.ReadAsync(service.Id, "filter", Count))["passed"]!).ShouldBe(Count - first);
        await StopAsync(service, service.Id);
        Packets.Candids(Path.Combine(service.Data, "out")).Order().ShouldBe(all.Order());
    }

    [Fact]
    public async Task Of_a_deleted_pipeline_nothing_is_left_but_its_topics_and_files()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        Packets.Generate(Path.Combine(service.Data, "in"), 10);
        await File.WriteAllTextAsync(Path.Combine(service.Data, "in", "broken.avro"), "no packet", Cancel);
        await service.BeginAsync(Filter(service.Id, "include", "g"), service.Id);
        await service.ReadAsync(service.Id, "filter", 10);
        await service.ReadAsync(service.Id, "read", 11);
        (await QueueExistsAsync($"topic.{service.Id}.dead-letters.0")).ShouldBeTrue();
        await DeleteAsync(service, service.Id);

        (await RowsAsync(service, "SELECT count(*) FROM streams.checkpoints")).ShouldBe(0);
        (await RowsAsync(service, "SELECT count(*) FROM streams.group_partitions")).ShouldBe(0);
        (await RowsAsync(service, "SELECT count(*) FROM streams.group_members")).ShouldBe(0);
        (await RowsAsync(service, "SELECT count(*) FROM streams.topics WHERE name LIKE '%dead-letters'")).ShouldBe(0);
        (await QueueExistsAsync($"topic.{service.Id}.dead-letters.0")).ShouldBeFalse();
        Directory.GetFiles(Path.Combine(service.Data, "out"), ".*").ShouldBeEmpty();
        Directory.GetDirectories(Path.Combine(service.Data, "sources")).ShouldBeEmpty();
        (await QueueExistsAsync($"topic.{service.Id}.alerts.0")).ShouldBeTrue("topics hold records that others may want");
    }

    [Fact]
    public async Task Loops_across_pipelines_and_settings_that_cannot_be_applied_are_refused_with_the_reason_and_change_nothing()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        var id = service.Id;
        await service.BeginAsync(Buffer(id, "partitions: 2, retention: 1d"), id);
        await StopAsync(service, id);
        await RefusedAsync(service, Buffer(id, "partitions: 1"), "has 2 partitions, and partitions cannot be taken away");
        await RefusedAsync(service, Buffer(id, "partitions: 2, retention: 2d"), "keeps its records for 1.00:00:00, which cannot be changed");
        (await service.RegisterAsync(Buffer(id, "partitions: 3, retention: 1d"), "?overwrite=true")).StatusCode.ShouldBe(HttpStatusCode.Created);

        (await service.RegisterAsync(Passing($"{id}.forth", "{ topic: a }", "{ topic: b }"))).StatusCode.ShouldBe(HttpStatusCode.Created);
        await RefusedAsync(service, Passing($"{id}.back", "{ topic: b }", "{ topic: a }"),
            $"topic 'b' of rabbitmq → {id}.back/pass → topic 'a' of rabbitmq → {id}.forth/pass → topic 'b' of rabbitmq");
        await RefusedAsync(service, Passing($"{id}.folder", "{ folder: in }", "{ folder: ./x/../in }"), "would go round for ever");
        (await service.Http.GetAsync($"/api/pipelines/{id}.back", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task RefusedAsync(PipelineService service, string yaml, string reason)
    {
        var answer = await service.RegisterAsync(yaml, "?overwrite=true");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await System.Text.Json.JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(Cancel), cancellationToken: Cancel))
            .RootElement.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain(reason);
    }

    private static async Task StopAsync(PipelineService service, string name)
    {
        await service.OrderAsync(name, "stop");
        await service.StateAsync(name, "Stopped");
    }

    private static async Task DeleteAsync(PipelineService service, string name)
    {
        await StopAsync(service, name);
        (await service.Http.DeleteAsync($"/api/pipelines/{name}", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    private static async Task<long> RowsAsync(PipelineService service, string sql)
    {
        await using var source = NpgsqlDataSource.Create(service.Database);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private async Task<bool> QueueExistsAsync(string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(rabbitMq.ConnectionString) }.CreateConnectionAsync(Cancel);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
        try
        {
            await channel.QueueDeclarePassiveAsync(queue, Cancel);
            return true;
        }
        catch (OperationInterruptedException)
        {
            return false;
        }
    }

    private static string Filter(string id, string action, string group, string? topic = null) => $$"""
        name: {{id}}
        components:
          buffer: { type: stream-buffer, topics: { {{id}}.alerts: { partitions: 2 } } }
          read:
            type: processing-node
            source: { folder: in }
            sinks: { alerts: { topic: {{id}}.{{topic ?? group}} } }
            checkpoint: { every: 200ms }
          filter:
            type: processing-node
            source: { topic: {{id}}.{{topic ?? group}}, group: {{group}} }
            processors: { known: { class: solar-system-filter, params: { action: {{action}} } } }
            sinks: { files: { folder: out }, stream: { topic: {{id}}.filtered } }
            checkpoint: { every: 200ms }
        """;

    private static string Behind(string id) => Passing($"{id}.behind", $"{{ topic: {id}.filtered }}", "{ folder: copied }", "copy");

    private static string Passing(string name, string source, string sink, string node = "pass") => $$"""
        name: {{name}}
        components:
          {{node}}:
            type: processing-node
            source: {{source}}
            sinks: { out: {{sink}} }
            checkpoint: { every: 200ms }
        """;

    private static string Buffer(string id, string settings) => $$"""
        name: {{id}}
        components:
          buffer: { type: stream-buffer, topics: { {{id}}.settings: { {{settings}} } } }
        """;
}
