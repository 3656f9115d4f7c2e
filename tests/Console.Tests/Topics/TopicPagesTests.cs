using System.Net;
using Conductor.Console.Tests.StandIns;

namespace Conductor.Console.Tests.Topics;

public sealed class TopicPagesTests : IAsyncLifetime
{
    private readonly ConsoleUnderTest _console = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _console.InitializeAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task Topics_are_listed_and_a_broker_that_is_away_is_named()
    {
        var page = await ReadAsync("/topics?name=solar&broker=rabbitmq&offset=0");
        page.ShouldContain("href=\"/topics/rabbitmq/alerts.solar-system\">alerts.solar-system</a>");
        page.ShouldNotContain("href=\"/topics/rabbitmq/alerts\"");
        page.ShouldContain("for 7 d 0 h");
        page.ShouldContain("46.6 GB");
        page.ShouldContain("The topics of kafka are not listed</strong>: kafka did not answer within 5 s");
        page.ShouldContain("<option value=\"rabbitmq\" selected>rabbitmq</option>");
        _console.PipelinesService.Requests.ShouldContain("GET /api/topics?offset=0&limit=50&broker=rabbitmq&name=solar");
    }

    [Fact]
    public async Task A_pipeline_links_its_topics() =>
        (await ReadAsync("/pipelines/solar-system")).ShouldContain("<a class=\"chip\" href=\"/topics/rabbitmq/alerts\">alerts</a>");

    [Fact]
    public async Task A_topic_is_shown_with_offsets_groups_and_its_newest_records()
    {
        var page = await ReadAsync("/topics/rabbitmq/alerts");
        page.ShouldContain("solar-system.filter");
        page.ShouldContain("1,160");
        page.ShouldContain("Newest records of partition 0");
        page.IndexOf("data-key=\"1159\"", StringComparison.Ordinal).ShouldBeInRange(1, page.IndexOf("data-key=\"1135\"", StringComparison.Ordinal));
        page.ShouldNotContain("data-key=\"1134\"");
        page.ShouldContain("&lt;b&gt;dear&lt;/b&gt;");
        page.ShouldContain("href=\"/topics/rabbitmq/alerts/records/0/1159\"");
    }

    [Fact]
    public async Task A_partition_without_records_and_an_offset_behind_the_end_say_so()
    {
        (await ReadAsync("/topics/rabbitmq/alerts?partition=1")).ShouldContain("Partition 1 holds no records.");
        (await ReadAsync("/topics/rabbitmq/alerts?offset=5000000000")).ShouldContain("Partition 0 holds the offsets 1,100 to 1,159: nothing is here.");
    }

    [Fact]
    public async Task What_the_address_says_and_nobody_can_read_is_named_beside_the_rest_of_the_page()
    {
        var page = await ReadAsync("/topics/rabbitmq/alerts?offset=abc");
        page.ShouldContain("&#x201C;abc&#x201D; is not an offset.");
        page.ShouldContain("solar-system.filter");
    }

    [Fact]
    public async Task While_the_broker_is_away_the_page_says_why()
    {
        _console.Topics.Outage = "RabbitMQ: None of the specified endpoints were reachable";
        var page = await ReadAsync("/topics/rabbitmq/alerts");
        page.ShouldContain("The pipelines service refused</strong> (503): RabbitMQ: None of the specified endpoints were reachable");
    }

    [Fact]
    public async Task A_topic_that_there_is_not_is_not_found()
    {
        using var client = await _console.ClientAsync();
        (await client.GetAsync("/topics/rabbitmq/no-such", Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.GetAsync("/topics/rabbitmq/no-such/records/0/7", Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<string> ReadAsync(string path)
    {
        using var client = await _console.ClientAsync();
        var answer = await client.GetAsync(path, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync(Stop);
    }
}
