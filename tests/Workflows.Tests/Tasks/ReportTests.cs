using System.Text.Json;
using Conductor.Engines;

namespace Conductor.Workflows.Tests.Tasks;

[Integration]
public sealed class ReportTests(WorkflowsServer server)
{
    [Fact]
    public async Task A_report_with_half_a_surrogate_pair_or_NUL_counts_with_replacements_and_can_be_read()
    {
        var (client, id, task) = await TakenAsync("rep_half");
        var (status, text) = await client.TextAsync(HttpMethod.Post, "/api/tasks",
            Report(id, task, """
                "status":"COMPLETED","outputData":{"v":"a\ud800b\u0000"},"reasonForIncompletion":"r\ud800\u0000","workerId":"w\u0000",
                "logs":["hello",{"log":5},{"log":"l\ud800\u0000"}]
                """));
        status.ShouldBe(200, text);
        var execution = await client.ExecutionAsync(id);
        execution.GetProperty("status").GetString().ShouldBe("COMPLETED");
        execution.GetProperty("output").GetProperty("v").GetString().ShouldBe("a\uFFFDb\uFFFD");
        execution.GetProperty("tasks")[0].GetProperty("reasonForIncompletion").GetString().ShouldBe("r\uFFFD\uFFFD");
        (await client.TextAsync(HttpMethod.Get, "/api/workflow/search?query=workflowType%3Drep_half")).Status.ShouldBe(200);
        var log = await client.JsonAsync(HttpMethod.Get, $"/api/tasks/{task}/log");
        log.EnumerateArray().Select(l => l.GetProperty("log").GetString()).ShouldBe(["hello", "5", "l\uFFFD\uFFFD"]);
    }

    [Theory]
    [InlineData("\"outputData\":[1]", "outputData")]
    [InlineData("\"outputData\":\"abc\"", "outputData")]
    [InlineData("\"logs\":[null]", "logs")]
    [InlineData("\"logs\":5", "logs")]
    [InlineData("\"callbackAfterSeconds\":9007199254740991", "callbackAfterSeconds")]
    [InlineData("\"callbackAfterSeconds\":1e12", "callbackAfterSeconds")]
    [InlineData("\"callbackAfterSeconds\":\"soon\"", "callbackAfterSeconds")]
    [InlineData("\"extendLease\":\"maybe\"", "extendLease")]
    public async Task A_malformed_report_is_refused_with_its_field_and_the_task_stays(string field, string name)
    {
        var (client, id, task) = await TakenAsync("rep_bad_" + Guid.NewGuid().ToString("N")[..8]);
        var error = await client.JsonAsync(HttpMethod.Post, "/api/tasks", Report(id, task, $"\"status\":\"COMPLETED\",{field}"), 400);
        error.ToString().ShouldContain(name);
        (await client.ExecutionAsync(id)).GetProperty("tasks")[0].GetProperty("status").GetString().ShouldBe("IN_PROGRESS");
    }

    [Fact]
    public async Task Numbers_and_flags_in_text_count_as_such()
    {
        var (client, id, task) = await TakenAsync("rep_text");
        await client.TextAsync(HttpMethod.Post, "/api/tasks", Report(id, task, "\"status\":\"IN_PROGRESS\",\"extendLease\":\"true\""));
        (await client.ExecutionAsync(id)).GetProperty("tasks")[0].GetProperty("status").GetString().ShouldBe("IN_PROGRESS");
        await client.TextAsync(HttpMethod.Post, "/api/tasks", Report(id, task, "\"status\":\"IN_PROGRESS\",\"callbackAfterSeconds\":\"4\""));
        (await client.ExecutionAsync(id)).GetProperty("tasks")[0].GetProperty("callbackAfterSeconds").GetInt64().ShouldBe(4);
    }

    [Fact]
    public async Task A_long_reason_is_cut_to_its_limit()
    {
        var (client, id, task) = await TakenAsync("rep_long");
        var reason = new string('r', 20_000);
        var (status, text) = await client.TextAsync(
            HttpMethod.Post, "/api/tasks", Report(id, task, $"\"status\":\"FAILED_WITH_TERMINAL_ERROR\",\"reasonForIncompletion\":\"{reason}\""));
        status.ShouldBe(200, text);
        (await client.ExecutionAsync(id)).GetProperty("tasks")[0].GetProperty("reasonForIncompletion").GetString()!.Length.ShouldBe(10_000);
    }

    private async Task<(HttpClient Client, string Workflow, string Task)> TakenAsync(string name)
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync(name, name + "_a");
        var id = await client.StartAsync(name, new { v = 1 });
        return (client, id, (await client.PollOneAsync(name + "_a")).GetProperty("taskId").GetString()!);
    }

    private static string Report(string id, string task, string fields) => "{" + $"\"workflowInstanceId\":\"{id}\",\"taskId\":\"{task}\",{fields}" + "}";
}
