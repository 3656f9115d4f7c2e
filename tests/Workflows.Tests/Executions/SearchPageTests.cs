using System.Text.Json;
using Conductor.Engines;

namespace Conductor.Workflows.Tests.Executions;

[Integration]
public sealed class SearchPageTests(WorkflowsServer server)
{
    [Theory]
    [InlineData("DESC")]
    [InlineData("ASC")]
    public async Task Places_lead_through_a_list_and_back_and_show_each_execution_once(string direction)
    {
        var (client, name) = (await server.ClientAsync(), "pages_" + direction);
        var started = await StartAsync(client, name, 7);
        if (direction == "DESC") started.Reverse();
        var path = $"/api/workflow/search?size=3&sort=startTime:{direction}&query=workflowType={name}";
        var first = await client.JsonAsync(HttpMethod.Get, path);
        first.TryGetProperty("previous", out _).ShouldBeFalse();
        Ids(first).ShouldBe(started[..3]);
        var second = await client.JsonAsync(HttpMethod.Get, path + "&after=" + Text(first, "next"));
        Ids(second).ShouldBe(started[3..6]);
        var third = await client.JsonAsync(HttpMethod.Get, path + "&after=" + Text(second, "next"));
        Ids(third).ShouldBe(started[6..]);
        third.TryGetProperty("next", out _).ShouldBeFalse();
        var back = await client.JsonAsync(HttpMethod.Get, path + "&before=" + Text(third, "previous"));
        Ids(back).ShouldBe(started[3..6]);
        Text(back, "next").ShouldBe(Text(second, "next"));
        var begin = await client.JsonAsync(HttpMethod.Get, path + "&before=" + Text(back, "previous"));
        Ids(begin).ShouldBe(started[..3]);
        begin.TryGetProperty("previous", out _).ShouldBeFalse();
        foreach (var page in new[] { first, second, third, back }) page.GetProperty("totalHits").GetInt64().ShouldBe(7);
    }

    [Fact]
    public async Task Lists_hold_what_runs_and_what_has_ended_in_one_order()
    {
        var client = await server.ClientAsync();
        var started = await StartAsync(client, "pages_both", 6);
        foreach (var id in started.Where((_, i) => i % 2 == 0)) await client.TextAsync(HttpMethod.Delete, $"/api/workflow/{id}?reason=why");
        await client.JsonAsync(HttpMethod.Put, $"/api/workflow/{started[1]}/pause");
        Ids(await SearchAsync(client, "workflowType=pages_both", "&sort=startTime:ASC")).ShouldBe(started);
        Ids(await SearchAsync(client, "workflowType=pages_bo*", "&sort=startTime:ASC")).ShouldBe(started);
        Ids(await SearchAsync(client, "workflowType IN (pages_both, pages_none*)", "&sort=startTime:ASC&start=1&size=2")).ShouldBe(started[1..3]);
        Ids(await SearchAsync(client, "workflowType=pages_both AND status=PAUSED")).ShouldBe([started[1]]);
        Ids(await SearchAsync(client, "workflowType=pages_both AND status IN (PAUSED,TERMINATED)", "&sort=startTime:ASC"))
            .ShouldBe([started[0], started[1], started[2], started[4]]);
        Ids(await SearchAsync(client, $"workflowId IN ({started[0]},{started[5]}) AND status=TERMINATED")).ShouldBe([started[0]]);
        Ids(await SearchAsync(client, "correlationId=pages_both-3 AND workflowType=pages_*")).ShouldBe([started[3]]);
        Ids(await SearchAsync(client, "workflowType=no_such*")).ShouldBeEmpty();
        Ids(await SearchAsync(client, "workflowType=pages_both AND status=NONE")).ShouldBeEmpty();
        Ids(await SearchAsync(client, "workflowType=pages_both AND version=2")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Text_is_found_in_input_reason_and_correlation_id_and_the_answer_says_how_far_it_was_looked_for()
    {
        var client = await server.ClientAsync();
        var started = await StartAsync(client, "pages_text", 3);
        await client.TextAsync(HttpMethod.Delete, $"/api/workflow/{started[1]}?reason=the%20warehouse%20burnt%20down");
        var found = await SearchAsync(client, "workflowType=pages_text", "&freeText=warehouse");
        Ids(found).ShouldBe([started[1]]);
        found.GetProperty("textSearchedInNewest").GetInt32().ShouldBe(10_000);
        Ids(await SearchAsync(client, "workflowType=pages_text", "&freeText=pages_text-2")).ShouldBe([started[2]]);
        Ids(await SearchAsync(client, "workflowType=pages_text", "&freeText=" + Uri.EscapeDataString("\"v\":0"))).ShouldBe([started[0]]);
    }

    [Fact]
    public async Task Executions_of_a_filter_are_counted_by_status()
    {
        var client = await server.ClientAsync();
        var started = await StartAsync(client, "pages_counts", 4);
        await client.JsonAsync(HttpMethod.Put, $"/api/workflow/{started[0]}/pause");
        await client.TextAsync(HttpMethod.Delete, $"/api/workflow/{started[1]}?reason=why");
        var all = await client.JsonAsync(HttpMethod.Get, "/api/workflow/counts?query=workflowType%3Dpages_counts");
        all.GetProperty("counts").EnumerateObject().Where(c => c.Value.GetInt64() > 0).ToDictionary(c => c.Name, c => c.Value.GetInt64())
            .ShouldBe(new Dictionary<string, long> { ["RUNNING"] = 2, ["PAUSED"] = 1, ["TERMINATED"] = 1 }, ignoreOrder: true);
        all.GetProperty("capped").GetArrayLength().ShouldBe(0);
        var found = await client.JsonAsync(HttpMethod.Get, "/api/workflow/counts?query=workflowType%3Dpages_counts&freeText=pages_counts-1");
        found.GetProperty("counts").EnumerateObject().Where(c => c.Value.GetInt64() > 0).Select(c => c.Name).ShouldBe(["TERMINATED"]);
    }

    [Theory]
    [InlineData("start=10001", "go on with after=")]
    [InlineData("start=1&after=AAAA", "only one of")]
    [InlineData("after=AAAA", "Validation failed")]
    [InlineData("before=%2F%2F", "Validation failed")]
    [InlineData("after=__________________________________________", "Validation failed")]
    public async Task A_place_that_cannot_be_is_refused(string place, string why)
    {
        var client = await server.ClientAsync();
        var refusal = await client.JsonAsync(HttpMethod.Get, "/api/workflow/search?" + place, expect: 400);
        refusal.GetProperty("message").GetString()!.ShouldContain(why);
    }

    private static async Task<List<string>> StartAsync(HttpClient client, string name, int count)
    {
        await client.RegisterSequenceAsync(name, name + "_a");
        var ids = new List<string>();
        for (var i = 0; i < count; i++) ids.Add(await client.StartAsync(name, new { v = i }, $"?version=1&correlationId={name}-{i}"));
        return ids;
    }

    private static Task<JsonElement> SearchAsync(HttpClient client, string query, string more = "") =>
        client.JsonAsync(HttpMethod.Get, $"/api/workflow/search?query={Uri.EscapeDataString(query)}{more}");

    private static IEnumerable<string> Ids(JsonElement page) => page.GetProperty("results").EnumerateArray().Select(r => Text(r, "workflowId"));

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
