using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Conductor.Domain.Streams.Brokers;
using Conductor.Engines;
using Conductor.StreamContract;
using Conductor.Testing;
using static Conductor.StreamContract.Steps;

namespace Conductor.Pipelines.Tests.Service;

/// <summary>The topics of the service over REST.</summary>
[Integration]
public sealed class TopicTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Topics_are_listed_in_pages_and_narrowed_by_name_and_broker()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        await using var beside = new TopicsBeside(service, rabbitMq);
        await beside.Broker.EnsureTopicAsync(new($"{service.Id}.b", 2, TimeSpan.FromDays(1), 50_000_000), Soon());
        await beside.Broker.EnsureTopicAsync(new($"{service.Id}.a"), Soon());
        await beside.Broker.EnsureTopicAsync(new("other"), Soon());

        var all = await GetAsync(service, "/api/topics");
        ((int)all["total"]!, all["unavailable"]!.AsObject().Count, (string?)all["brokers"]![0]).ShouldBe((3, 0, "rabbitmq"));
        Names(all).ShouldBe(["other", $"{service.Id}.a", $"{service.Id}.b"]);
        var page = await GetAsync(service, $"/api/topics?broker=rabbitmq&name={service.Id.ToUpperInvariant()}&offset=1&limit=1");
        ((int)page["total"]!).ShouldBe(2);
        page["items"]!.AsArray().ShouldHaveSingleItem()!.ToJsonString().ShouldBe(
            $$"""{"broker":"rabbitmq","name":"{{service.Id}}.b","partitions":2,"retention":"1.00:00:00","maxBytes":50000000,"compacted":false}""");
        (await ProblemAsync(service, "/api/topics?broker=nobody", HttpStatusCode.NotFound)).ShouldBe("There is no broker 'nobody'; there is rabbitmq");
        (await ProblemAsync(service, "/api/topics?limit=501", HttpStatusCode.BadRequest)).ShouldContain("limit");
        (await ProblemAsync(service, "/api/topics?offset=-1", HttpStatusCode.BadRequest)).ShouldContain("offset");
    }

    [Fact]
    public async Task A_topic_tells_its_offsets_and_its_groups_with_members_and_lag()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        await using var beside = new TopicsBeside(service, rabbitMq);
        var topic = await beside.Broker.NewTopicAsync(2);
        await beside.Broker.ProduceAsync(topic, [.. Enumerable.Range(0, 10).Select(i => Record($"{i}"))]);
        await beside.Broker.SeekAsync(topic, "archive", new StreamPosition.At(3), Soon());
        await using var member = new RunningMember(await beside.Broker.JoinAsync(topic, "filter", "m"));
        await member.FirstAsync();

        // What has come only now is measured some time later.
        var found = await MeasuredAsync(service, topic, lag: 4);
        ((string?)found["name"], (int)found["partitions"]!).ShouldBe((topic, 2));
        found["offsets"]!.ToJsonString().ShouldBe(
            """[{"partition":0,"first":0,"next":5,"records":5},{"partition":1,"first":0,"next":5,"records":5}]""");
        found["groups"]!.AsArray().Select(g => ((string?)g!["name"], (int)g["members"]!, (long)g["lag"]!)).ShouldBe([("archive", 0, 4), ("filter", 1, 10)]);
        found["groups"]![0]!["positions"]!.ToJsonString().ShouldBe("""[{"partition":0,"next":3,"lag":2},{"partition":1,"next":3,"lag":2}]""");
        ((DateTimeOffset)found["measuredAt"]!).ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromSeconds(30));

        await beside.Broker.ProduceAsync(topic, [Record("10"), Record("11")]);
        await MeasuredAsync(service, topic, lag: 6);
        foreach (var path in new[] { $"pulsar/{topic}", "rabbitmq/nothing", "rabbitmq/nothing/records", "rabbitmq/nothing/records/0/0/value" })
            (await ProblemAsync(service, $"/api/topics/{path}", HttpStatusCode.NotFound)).ShouldContain(path.Split('/')[0] == "pulsar" ? "pulsar" : "nothing");
    }

    [Fact]
    public async Task While_the_broker_does_not_answer_a_topic_is_503_with_the_reason_and_those_that_are_known_are_listed()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        await using var beside = new TopicsBeside(service, rabbitMq);
        var topic = await beside.Broker.NewTopicAsync();
        await beside.Broker.ProduceAsync(topic, ["a"]);
        rabbitMq.Freeze();
        try
        {
            var answers = new[] { "", "/records", "/records/0/0/value" }
                .Select(path => ProblemAsync(service, $"/api/topics/rabbitmq/{topic}{path}", HttpStatusCode.ServiceUnavailable));
            (await Task.WhenAll(answers)).ShouldAllBe(reason => reason == "rabbitmq did not answer within 5 s");
            Names(await GetAsync(service, "/api/topics")).ShouldBe([topic]);
        }
        finally
        {
            rabbitMq.Thaw();
        }
        await Until.TrueAsync(async () => (await service.Http.GetAsync($"/api/topics/rabbitmq/{topic}", Cancel)).IsSuccessStatusCode, "it answers again");
    }

    [Fact]
    public async Task A_pipeline_names_its_topics()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        (await service.RegisterAsync($$"""
            name: {{service.Id}}
            components:
              copy: { type: processing-node, source: { topic: in }, sinks: { out: { topic: out } } }
            """)).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await service.FindAsync(service.Id))["topics"]!.AsArray().Select(t => $"{t!["broker"]}/{t["name"]}")
            .ShouldBe(["rabbitmq/in", "rabbitmq/out", $"rabbitmq/{service.Id}.dead-letters"]);
    }

    /// <summary>The topic, as soon as so many records wait for its first group, and all that it holds for its second.</summary>
    private static Task<JsonNode> MeasuredAsync(PipelineService service, string topic, long lag) => Eventually.BecomesAsync(
        () => GetAsync(service, $"/api/topics/rabbitmq/{topic}"),
        found => found["groups"]!.AsArray().Select(g => (long)g!["lag"]!).SequenceEqual([lag, found["offsets"]!.AsArray().Sum(o => (long)o!["records"]!)]),
        what: $"{lag} records wait");

    internal static async Task<JsonNode> GetAsync(PipelineService service, string path) => (await service.Http.GetFromJsonAsync<JsonNode>(path, Cancel))!;

    /// <summary>The detail of a problem.</summary>
    internal static async Task<string> ProblemAsync(PipelineService service, string path, HttpStatusCode status)
    {
        var answer = await service.Http.GetAsync(path, Cancel);
        answer.StatusCode.ShouldBe(status, path);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json", path);
        (answer.Headers.RetryAfter is not null).ShouldBe(status == HttpStatusCode.ServiceUnavailable, path);
        return (string)(await answer.Content.ReadFromJsonAsync<JsonNode>(Cancel))!["detail"]!;
    }

    private static IEnumerable<string?> Names(JsonNode page) => page["items"]!.AsArray().Select(t => (string?)t!["name"]);
}
