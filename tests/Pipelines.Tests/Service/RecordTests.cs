using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Conductor.Domain.Streams.Records;
using Conductor.Engines;
using Conductor.StreamContract;
using static Conductor.StreamContract.Steps;

namespace Conductor.Pipelines.Tests.Service;

/// <summary>Records of topics over REST.</summary>
[Integration]
public sealed class RecordTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Fact]
    public async Task Records_are_found_by_offset_by_time_and_from_the_end_without_waiting_for_more()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        await using var beside = new TopicsBeside(service, rabbitMq);
        var topic = await beside.Broker.NewTopicAsync();
        Task<JsonNode> Find(string query) => TopicTests.GetAsync(service, $"/api/topics/rabbitmq/{topic}/records?{query}");
        Told(await Find("")).ShouldBe(("", 0L, "end"));
        var now = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        await beside.Broker.ProduceAsync(topic, [.. Enumerable.Range(0, 100).Select(i => Record($"{i}") with { Timestamp = now.AddMilliseconds(i * 10) })]);

        Told(await Find("offset=40&limit=3")).ShouldBe(("40 41 42", 43L, "limit"));
        Told(await Find("offset=97")).ShouldBe(("97 98 99", 100L, "end"));
        Told(await Find("offset=100")).ShouldBe(("", 100L, "end"));
        Told(await Find("offset=9223372036854775807")).ShouldBe(("", 100L, "end"));
        Told(await Find($"since={At(now.AddMilliseconds(601))}&limit=2")).ShouldBe(("61 62", 63L, "limit"));
        Told(await Find("since=0001-01-01T00:00:00Z&limit=1")).ShouldBe(("0", 1L, "limit"));
        Told(await Find($"since={At(now.AddDays(1))}")).ShouldBe(("", -1L, "time"));
        Told(await Find("latest=2")).ShouldBe(("98 99", 100L, "end"));
        Told(await Find("latest=200&limit=1")).ShouldBe(("0", 1L, "limit"));
        var some = await Find("partition=0");
        ((long)some["first"]!, (long)some["end"]!, some["items"]!.AsArray().Count, (long)some["items"]![0]!["offset"]!).ShouldBe((0, 100, 50, 50));
    }

    [Fact]
    public async Task A_record_is_shown_with_key_headers_and_the_beginning_of_its_value_and_its_value_is_given_whole()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        await using var beside = new TopicsBeside(service, rabbitMq);
        var topic = await beside.Broker.NewTopicAsync();
        var packet = Enumerable.Range(0, 5_000).Select(i => (byte)(i * 7)).ToArray();
        await beside.Broker.ProduceAsync(topic,
            Record("{\"a\":1}", "grüße") with { Timestamp = Start, Headers = [RecordHeader.Of("source", "a.avro")] },
            new StreamRecord { Key = new byte[] { 0xff }, Value = packet },
            Record(new string('x', 3_000)),
            new StreamRecord { Key = "k"u8.ToArray(), Value = default, IsNull = true });

        var items = (await TopicTests.GetAsync(service, $"/api/topics/rabbitmq/{topic}/records"))["items"]!.AsArray();
        JsonNode.DeepEquals(items[0], JsonNode.Parse("""
            {"partition":0,"offset":0,"timestamp":"2026-03-04T05:06:07+00:00","key":{"text":"grüße","isBase64":false,"isCut":false},
            "headers":[{"name":"source","text":"a.avro"}],"size":7,"isNull":false,"fault":null,
            "value":{"text":"{\"a\":1}","isBase64":false,"isCut":false}}
            """)).ShouldBeTrue(items[0]!.ToJsonString());
        ((bool)items[1]!["key"]!["isBase64"]!, (string?)items[1]!["value"]!["text"], (int)items[1]!["size"]!)
            .ShouldBe((true, Convert.ToBase64String(packet, 0, 256), 5_000));
        (((string)items[2]!["value"]!["text"]!).Length, (bool)items[2]!["value"]!["isCut"]!, items[2]!["key"]).ShouldBe((2_048, true, null));
        ((bool)items[3]!["isNull"]!, (int)items[3]!["size"]!).ShouldBe((true, 0));

        (await ValueAsync(service, topic, 1)).ShouldBe(packet);
        (await ValueAsync(service, topic, 3)).ShouldBeEmpty();
        foreach (var place in new[] { "0/4", "1/0", "0/-1" })
            (await TopicTests.ProblemAsync(service, $"/api/topics/rabbitmq/{topic}/records/{place}/value", HttpStatusCode.NotFound))
                .ShouldStartWith("There is no record");
    }

    [Fact]
    public async Task A_question_that_cannot_be_asked_is_refused_with_the_name_of_the_parameter()
    {
        await using var service = await PipelineService.StartAsync(postgres, rabbitMq);
        await using var beside = new TopicsBeside(service, rabbitMq);
        var topic = await beside.Broker.NewTopicAsync(2);
        foreach (var (query, reason) in new[]
        {
            ("partition=-1", "partition is 0 or more"), ("partition=2", $"partition is 0 to 1 in {topic}"), ("partition=x", "partition"),
            ("offset=-1", "offset is 0 or more"), ("offset=x", "offset"), ("since=yesterday", "since is a time such as 2026-11-30T08:00:00Z"),
            ("latest=0", "latest is 1 to 200"), ("latest=201", "latest is 1 to 200"), ("limit=0", "limit is 1 to 200"), ("limit=201", "limit is 1 to 200"),
            ("offset=1&latest=1", "offset, since and latest exclude each other"),
        })
            (await TopicTests.ProblemAsync(service, $"/api/topics/rabbitmq/{topic}/records?{query}", HttpStatusCode.BadRequest)).ShouldContain(reason);
    }

    private static async Task<byte[]> ValueAsync(PipelineService service, string topic, long offset) => await service.Http.GetByteArrayAsync(
        $"/api/topics/rabbitmq/{topic}/records/0/{offset.ToString(CultureInfo.InvariantCulture)}/value", TestContext.Current.CancellationToken);

    private static (string Values, long Next, string EndedBy) Told(JsonNode page) => (
        string.Join(' ', page["items"]!.AsArray().Select(item => (string?)item!["value"]!["text"])), (long?)page["next"] ?? -1, (string)page["endedBy"]!);

    private static string At(DateTimeOffset time) => Uri.EscapeDataString(time.ToString("O", CultureInfo.InvariantCulture));
}
