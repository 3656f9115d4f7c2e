using System.Text.Json;
using Conductor.Engines;

namespace Conductor.Workflows.Tests.Plans;

[Integration]
public sealed class ManyExecutionsTests(ManyExecutions many)
{
    [Fact]
    public async Task What_is_more_than_ten_thousand_is_said_to_be_and_what_is_less_is_counted()
    {
        var client = await many.ClientAsync();
        var all = await client.JsonAsync(HttpMethod.Get, "/api/workflow/search?size=1");
        all.GetProperty("totalHits").GetInt64().ShouldBe(10_000);
        all.GetProperty("totalIsCapped").GetBoolean().ShouldBeTrue();
        var failed = await client.JsonAsync(HttpMethod.Get, "/api/workflow/search?size=1&query=status%3DFAILED");
        failed.GetProperty("totalHits").GetInt64().ShouldBe(ManyExecutions.Ended / 50);
        failed.TryGetProperty("totalIsCapped", out _).ShouldBeFalse();
        var counts = await client.JsonAsync(HttpMethod.Get, "/api/workflow/counts");
        counts.GetProperty("counts").GetProperty("PAUSED").GetInt64().ShouldBe(ManyExecutions.Open / 100);
        counts.GetProperty("counts").GetProperty("COMPLETED").GetInt64().ShouldBe(10_000);
        counts.GetProperty("capped").EnumerateArray().Select(c => c.GetString()).ShouldBe(["COMPLETED"]);
    }

    [Fact]
    public async Task Text_is_found_in_the_newest_executions_only()
    {
        var client = await many.ClientAsync();
        const string last = "history-10000";
        Total(await client.JsonAsync(HttpMethod.Get, $"/api/workflow/search?freeText={last}")).ShouldBe(1);
        Total(await client.JsonAsync(HttpMethod.Get, "/api/workflow/search?freeText=history-9990")).ShouldBe(10);
        Total(await client.JsonAsync(HttpMethod.Get, "/api/workflow/search?freeText=history-5000")).ShouldBe(0);
        Total(await client.JsonAsync(HttpMethod.Get, "/api/workflow/search?freeText=history-5000&query=correlationId%3Dhistory-5000")).ShouldBe(10);
    }

    [Fact]
    public async Task The_last_page_of_a_long_list_is_reached_by_its_place()
    {
        var client = await many.ClientAsync();
        var oldest = await client.JsonAsync(HttpMethod.Get, "/api/workflow/search?size=100&sort=startTime:ASC&query=workflowType%3Dhistory_*");
        var place = oldest.GetProperty("next").GetString();
        var last = await client.JsonAsync(HttpMethod.Get, $"/api/workflow/search?size=200&query=workflowType%3Dhistory_*&after={place}");
        Ids(last).ShouldBe(Ids(oldest).Reverse().Skip(1));
        last.TryGetProperty("next", out _).ShouldBeFalse();
    }

    private static long Total(JsonElement page) => page.GetProperty("totalHits").GetInt64();

    private static IEnumerable<string?> Ids(JsonElement page) =>
        page.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("workflowId").GetString());
}
