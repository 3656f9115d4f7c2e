using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Conductor.Engines;

namespace Conductor.Pipelines.Tests.Service.Brokers;

/// <summary>Where topics are is a word in a definition.</summary>
[Integration]
[Collection(nameof(KafkaCollection))]
public sealed class BrokerChoiceTests(PostgresServer postgres, RabbitMqServer rabbitMq, KafkaServer kafka)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("rabbitmq")]
    [InlineData("kafka")]
    public async Task The_sample_runs_on_either_broker_by_one_word(string broker)
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq, ("ConnectionStrings__kafka", kafka.ConnectionString));
        var packets = Packets.Generate(Path.Combine(service.Data, "night", "in"), 200);
        var known = Packets.Known(200);
        var yaml = Sample("night").Replace("broker: rabbitmq", $"broker: {broker}", StringComparison.Ordinal);
        await service.BeginAsync(Own(yaml, "night.", service.Id).Replace("name: night", $"name: {service.Id}", StringComparison.Ordinal), service.Id);
        var filtered = await service.ReadAsync(service.Id, "known-objects", packets.Count);
        ((long)filtered["passed"]!, (long)filtered["skipped"]!).ShouldBe((known.Count, packets.Count - known.Count));
        await service.ReadAsync(service.Id, "archive", known.Count);
        await service.OrderAsync(service.Id, "stop");
        await service.StateAsync(service.Id, "Stopped");
        Packets.Candids(Path.Combine(service.Data, "night", "solar-system")).Order().ShouldBe(known.Order());

        await using var brokers = new TestBrokers(service, rabbitMq.ConnectionString, kafka.ConnectionString);
        (await brokers[broker].FindTopicAsync($"{service.Id}.alerts", Cancel)).ShouldNotBeNull().Partitions.ShouldBe(3);
        (await brokers[broker == "kafka" ? "rabbitmq" : "kafka"].FindTopicAsync($"{service.Id}.alerts", Cancel)).ShouldBeNull();
        (await service.Http.DeleteAsync($"/api/pipelines/{service.Id}", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NoContent, service.Output);
        (await brokers[broker].FindTopicAsync($"{service.Id}.dead-letters", Cancel)).ShouldBeNull("they go with the pipeline");
        (await brokers[broker].GroupsAsync($"{service.Id}.alerts", Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_bridge_carries_each_record_once_and_in_the_order_of_its_key()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq, ("ConnectionStrings__kafka", kafka.ConnectionString));
        var yaml = Own(Sample("bridge"), "bridge.", service.Id).Replace("name: bridge", $"name: {service.Id}", StringComparison.Ordinal);
        await service.BeginAsync(yaml, service.Id);
        await using var brokers = new TestBrokers(service, rabbitMq.ConnectionString, kafka.ConnectionString);
        await brokers.ProduceAsync("kafka", $"{service.Id}.in", 0, 2_000, Cancel);
        await service.ReadAsync(service.Id, "carry", 2_000);
        var (byKey, copies) = await brokers.ReadAsync("rabbitmq", $"{service.Id}.out", 2_000, Cancel);
        copies.ShouldBe(0);
        byKey.Count.ShouldBe(37);
        foreach (var numbers in byKey.Values) numbers.ShouldBeInOrder();
        byKey.Values.SelectMany(numbers => numbers).Order().ShouldBe(Enumerable.Range(0, 2_000));
    }

    [Fact]
    public async Task A_broker_that_is_not_here_is_refused_where_it_is_named()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        var answer = await service.RegisterAsync(Sample("bridge"));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = (await answer.Content.ReadFromJsonAsync<JsonNode>(Cancel))!["errors"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)error["path"], (string?)error["message"]).ShouldBe(("components.inlet.broker", "there is no broker 'kafka' here; configured: rabbitmq"));
        ((int)error["line"]!).ShouldBe(4);
    }

    [Fact]
    public async Task What_a_broker_cannot_do_is_refused_when_the_pipeline_is_registered()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq, ("ConnectionStrings__kafka", kafka.ConnectionString));
        foreach (var (broker, refusals) in new[] { ("rabbitmq", 2), ("kafka", 0) })
        {
            var answer = await service.RegisterAsync($$"""
                name: {{service.Id}}-{{broker}}
                broker: {{broker}}
                components:
                  buffer: { type: stream-buffer, topics: { {{service.Id}}.c: { compacted: true } } }
                  copy:
                    type: processing-node
                    transactions: true
                    source: { topic: {{service.Id}}.c }
                    sinks: { out: { topic: {{service.Id}}.d } }
                """);
            var errors = answer.StatusCode == HttpStatusCode.Created ? [] : (await answer.Content.ReadFromJsonAsync<JsonNode>(Cancel))!["errors"]!.AsArray();
            errors.Count.ShouldBe(refusals, errors.ToString());
            if (refusals > 0)
                errors.Select(e => (string?)e!["path"]).Order().ShouldBe(["components.buffer.topics." + service.Id + ".c", "components.copy.transactions"]);
        }
    }

    internal static string Sample(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", $"{name}.yaml"));

    /// <summary>Topics of this test's own.</summary>
    internal static string Own(string yaml, string prefix, string id) => yaml.Replace(prefix, $"{id}.", StringComparison.Ordinal);
}
