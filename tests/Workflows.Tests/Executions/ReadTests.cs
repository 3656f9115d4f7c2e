using System.Text.Json;
using Conductor.Engines;

namespace Conductor.Workflows.Tests.Executions;

[Integration]
public sealed class ReadTests(WorkflowsServer server)
{
    [Fact]
    public async Task A_status_holds_output_and_variables_only_where_they_are_asked_for()
    {
        var client = await server.ClientAsync();
        var id = await StartAsync(client, "reads_status", "reads");
        await client.TextAsync(HttpMethod.Post, $"/api/tasks/{id}/reads_status_a/COMPLETED", new { v = 5 });
        await client.TextAsync(HttpMethod.Post, $"/api/tasks/{id}/reads_status_b/COMPLETED", new { v = 6 });
        (await client.TextAsync(HttpMethod.Get, $"/api/workflow/{id}/status")).Text
            .ShouldBe($$"""{"workflowId":"{{id}}","correlationId":"reads","status":"COMPLETED"}""");
        (await client.TextAsync(HttpMethod.Get, $"/api/workflow/{id}/status?includeOutput=true&includeVariables=true")).Text
            .ShouldBe($$$"""{"workflowId":"{{{id}}}","correlationId":"reads","output":{"v":6,"given":1},"variables":{},"status":"COMPLETED"}""");
        await client.JsonAsync(HttpMethod.Get, $"/api/workflow/{Guid.NewGuid()}/status", expect: 404);
    }

    [Fact]
    public async Task Tasks_come_in_pages_and_by_status()
    {
        var client = await server.ClientAsync();
        var id = await StartAsync(client, "reads_tasks");
        await client.TextAsync(HttpMethod.Post, $"/api/tasks/{id}/reads_tasks_a/COMPLETED", new { v = 5 });
        var path = $"/api/workflow/{id}/tasks";
        References(await client.JsonAsync(HttpMethod.Get, path)).ShouldBe(["reads_tasks_a", "reads_tasks_b"]);
        var second = await client.JsonAsync(HttpMethod.Get, path + "?start=1&count=1");
        References(second).ShouldBe(["reads_tasks_b"]);
        second.GetProperty("totalHits").GetInt32().ShouldBe(2);
        References(await client.JsonAsync(HttpMethod.Get, path + "?status=COMPLETED,FAILED")).ShouldBe(["reads_tasks_a"]);
        await client.JsonAsync(HttpMethod.Get, $"/api/workflow/{Guid.NewGuid()}/tasks", expect: 404);
    }

    [Fact]
    public async Task Executions_that_run_are_listed_by_their_ids_oldest_first()
    {
        var client = await server.ClientAsync();
        var (first, second, third) = (await StartAsync(client, "reads_run"), await StartAsync(client, "reads_run"), await StartAsync(client, "reads_run"));
        await client.JsonAsync(HttpMethod.Put, $"/api/workflow/{first}/pause");
        await client.TextAsync(HttpMethod.Delete, $"/api/workflow/{second}?reason=why");
        (await client.TextAsync(HttpMethod.Get, "/api/workflow/running/reads_run")).Text.ShouldBe($"""["{first}","{third}"]""");
        (await client.TextAsync(HttpMethod.Get, "/api/workflow/running/reads_run?version=2")).Text.ShouldBe("[]");
    }

    [Fact]
    public async Task Executions_of_many_correlation_ids_come_with_their_tasks()
    {
        var client = await server.ClientAsync();
        var (one, two) = (await StartAsync(client, "reads_many", "many-1"), await StartAsync(client, "reads_many", "many-2"));
        var ended = await StartAsync(client, "reads_many", "many-1");
        await client.TextAsync(HttpMethod.Delete, $"/api/workflow/{ended}?reason=why");
        string[] ids = ["many-1", "many-2", "many-none"];
        var all = await client.JsonAsync(HttpMethod.Post, "/api/workflow/reads_many/correlated?includeClosed=true&includeTasks=true", ids);
        all.EnumerateObject().Select(p => p.Name).ShouldBe(ids);
        Ids(all.GetProperty("many-1")).ShouldBe([one, ended]);
        all.GetProperty("many-2")[0].GetProperty("tasks")[0].GetProperty("workflowInstanceId").GetString().ShouldBe(two);
        all.GetProperty("many-none").GetArrayLength().ShouldBe(0);
        var open = await client.JsonAsync(HttpMethod.Get, "/api/workflow/reads_many/correlated/many-1");
        Ids(open).ShouldBe([one]);
        open[0].GetProperty("tasks").GetArrayLength().ShouldBe(0);
        (await client.JsonAsync(HttpMethod.Post, "/api/workflow/reads_many/correlated", Array.Empty<string>())).EnumerateObject().ShouldBeEmpty();
    }

    [Fact]
    public async Task Versions_of_definitions_are_listed_by_name()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("reads_versions", "reads_versions_a");
        var all = await client.JsonAsync(HttpMethod.Get, "/api/metadata/workflow/names-and-versions");
        var version = all.GetProperty("reads_versions")[0];
        version.GetProperty("version").GetInt32().ShouldBe(1);
        version.GetProperty("updateTime").GetInt64().ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeMilliseconds());
        (await client.JsonAsync(HttpMethod.Get, "/api/metadata/workflow/reads_versions/versions"))[0].GetRawText().ShouldBe(version.GetRawText());
        (await client.JsonAsync(HttpMethod.Get, "/api/metadata/workflow/names")).EnumerateArray().Count(n => n.GetString() == "reads_versions").ShouldBe(1);
    }

    private static async Task<string> StartAsync(HttpClient client, string name, string correlationId = "")
    {
        await client.RegisterSequenceAsync(name, name + "_a", name + "_b");
        return await client.StartAsync(name, new { v = 1 }, $"?version=1{(correlationId.Length > 0 ? "&correlationId=" + correlationId : "")}");
    }

    private static IEnumerable<string?> References(JsonElement page) =>
        page.GetProperty("results").EnumerateArray().Select(t => t.GetProperty("referenceTaskName").GetString());

    private static IEnumerable<string?> Ids(JsonElement executions) => executions.EnumerateArray().Select(e => e.GetProperty("workflowId").GetString());
}
