using Conductor.Engines;
using Conductor.Testing;

namespace Conductor.Workflows.Tests.Executions;

[Integration]
public sealed class StartTests(WorkflowsServer server)
{
    [Fact]
    public async Task A_definition_that_comes_with_the_request_runs_without_being_registered()
    {
        var client = await server.ClientAsync();
        var (status, id) = await client.TextAsync(HttpMethod.Post, "/api/workflow", """
            {"name":"start_inline","input":{"v":7},"workflowDef":{"name":"start_inline","outputParameters":{"v":"${workflow.input.v}"},
             "tasks":[{"name":"noop","taskReferenceName":"noop","type":"NOOP"}]}}
            """);
        status.ShouldBe(200, id);
        var execution = await client.ExecutionAsync(id);
        (execution.GetProperty("status").GetString(), execution.GetProperty("output").ToString()).ShouldBe(("COMPLETED", """{"v":7}"""));
        await client.JsonAsync(HttpMethod.Get, "/api/metadata/workflow/start_inline", expect: 404);
        var error = await client.JsonAsync(HttpMethod.Post, "/api/workflow", """{"name":"x","workflowDef":{"tasks":[]}}""", 400);
        error.GetProperty("validationErrors")[0].GetProperty("path").GetString().ShouldBe("startWorkflow.arg0.workflowDef.tasks");
    }

    [Theory]
    [InlineData("2020-01-01 10:00 CET")]
    [InlineData("2020-01-01 10:00 PST")]
    [InlineData("2020-01-01 10:00 Europe/Paris")]
    public async Task A_wait_until_a_time_with_a_zone_that_has_passed_is_over(string until)
    {
        var client = await server.ClientAsync();
        var name = "start_wait_" + Guid.NewGuid().ToString("N")[..8];
        await client.JsonAsync(HttpMethod.Post, "/api/metadata/workflow", new
        {
            name, tasks = new[] { new { name = "w", taskReferenceName = "w", workflowTaskType = "WAIT", inputParameters = new { until } } },
        });
        var id = await client.StartAsync(name, new { });
        await Eventually.IsTrueAsync(
            async () => (await client.ExecutionAsync(id)).GetProperty("status").GetString() == "COMPLETED", "the wait is over", seconds: 20);
    }

    [Fact]
    public async Task A_failed_execution_can_be_terminated_and_bulk_answers_for_each_id()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("start_bulk", "start_bulk_a");
        var failed = await client.StartAsync("start_bulk", new { v = 1 });
        var task = await client.PollOneAsync("start_bulk_a");
        await client.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(task, "FAILED_WITH_TERMINAL_ERROR", new { }));
        (await client.ExecutionAsync(failed)).GetProperty("status").GetString().ShouldBe("FAILED");
        var running = await client.StartAsync("start_bulk", new { v = 1 });
        var done = await client.JsonAsync(HttpMethod.Post, "/api/workflow/bulk/terminate?reason=enough", new[] { failed, running, running, "no-id" });
        done.GetProperty("bulkSuccessfulResults").EnumerateArray().Select(i => i.GetString()).ShouldBe([failed, running]);
        done.GetProperty("bulkErrorResults").GetProperty("no-id").GetString().ShouldBe("No such workflow found by id: no-id");
        (await client.ExecutionAsync(failed)).GetProperty("status").GetString().ShouldBe("TERMINATED");
        await client.JsonAsync(HttpMethod.Delete, $"/api/workflow/{failed}");
    }
}
