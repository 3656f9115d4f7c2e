using System.Text.Json;
using Conductor.Engines;

namespace Conductor.Workflows.Tests.Executions;

[Integration]
public sealed class ExecutionTests(WorkflowsServer server)
{
    [Fact]
    public async Task A_sequence_runs_to_its_end_with_the_outputs_that_its_input_makes()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("seq_end", "seq_end_a", "seq_end_b");
        var id = await client.StartAsync("seq_end", new { v = 1 });
        foreach (var type in new[] { "seq_end_a", "seq_end_b" })
        {
            var task = await client.PollOneAsync(type);
            await client.TextAsync(
                HttpMethod.Post, "/api/tasks", Calls.Result(task, "COMPLETED", new { v = task.GetProperty("inputData").GetProperty("v").GetInt32() + 1 }));
        }
        var execution = await client.ExecutionAsync(id);
        execution.GetProperty("status").GetString().ShouldBe("COMPLETED");
        execution.GetProperty("output").ToString().ShouldBe("""{"v":3,"given":1}""");
        execution.GetProperty("tasks").EnumerateArray().Select(t => t.GetProperty("status").GetString()).ShouldBe(["COMPLETED", "COMPLETED"]);
    }

    [Fact]
    public async Task The_next_task_of_the_type_comes_back_with_update_v2_and_204_without_a_type_when_there_is_none()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("seq_v2", "seq_v2_a");
        await client.StartAsync("seq_v2", new { v = 1 });
        await client.StartAsync("seq_v2", new { v = 2 });
        var first = await client.PollOneAsync("seq_v2_a");
        var second = await client.JsonAsync(HttpMethod.Post, "/api/tasks/update-v2", Calls.Result(first, "COMPLETED", new { }));
        second.GetProperty("taskId").GetString().ShouldNotBe(first.GetProperty("taskId").GetString());
        second.GetProperty("status").GetString().ShouldBe("IN_PROGRESS");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tasks/update-v2")
        {
            Content = System.Net.Http.Json.JsonContent.Create(Calls.Result(second, "COMPLETED", new { })),
        };
        using var none = await client.SendAsync(request, TestContext.Current.CancellationToken);
        ((int)none.StatusCode).ShouldBe(204);
        none.Content.Headers.ContentType.ShouldBeNull();
    }

    [Fact]
    public async Task A_failed_task_is_retried_and_then_fails_the_execution_with_its_reason()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("seq_fail", "seq_fail_a");
        var id = await client.StartAsync("seq_fail", new { v = 1 });
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var task = await client.PollOneAsync("seq_fail_a");
            task.GetProperty("retryCount").GetInt32().ShouldBe(attempt);
            await client.TextAsync(HttpMethod.Post, "/api/tasks", new
            {
                taskId = task.GetProperty("taskId")
                    .GetString(), workflowInstanceId = id, status = "FAILED", reasonForIncompletion = "no stock", outputData = new { why = "no stock" },
            });
        }
        var execution = await client.ExecutionAsync(id);
        execution.GetProperty("status").GetString().ShouldBe("FAILED");
        execution.GetProperty("reasonForIncompletion").GetString().ShouldNotBeNull().ShouldEndWith("failed with status: FAILED and reason: 'no stock'");
        execution.GetProperty("failedReferenceTaskNames").EnumerateArray().Select(n => n.GetString()).ShouldBe(["seq_fail_a"]);
    }

    [Fact]
    public async Task A_result_that_comes_twice_counts_once()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("seq_twice", "seq_twice_a", "seq_twice_b");
        var id = await client.StartAsync("seq_twice", new { v = 1 });
        var task = await client.PollOneAsync("seq_twice_a");
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => client.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(task, "COMPLETED", new { v = i }))));
        answers.ShouldAllBe(a => a.Status == 200);
        var execution = await client.ExecutionAsync(id);
        execution.GetProperty("tasks").EnumerateArray().Select(t => t.GetProperty("referenceTaskName").GetString()).ShouldBe(["seq_twice_a", "seq_twice_b"]);
    }

    [Fact]
    public async Task A_paused_execution_schedules_nothing_until_it_is_resumed()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("seq_pause", "seq_pause_a", "seq_pause_b");
        var id = await client.StartAsync("seq_pause", new { v = 1 });
        var task = await client.PollOneAsync("seq_pause_a");
        await client.JsonAsync(HttpMethod.Put, $"/api/workflow/{id}/pause");
        await client.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(task, "COMPLETED", new { v = 2 }));
        (await client.ExecutionAsync(id)).GetProperty("tasks").GetArrayLength().ShouldBe(1);
        (await client.ExecutionAsync(id)).GetProperty("status").GetString().ShouldBe("PAUSED");
        await client.JsonAsync(HttpMethod.Put, $"/api/workflow/{id}/resume");
        (await client.PollOneAsync("seq_pause_b")).GetProperty("inputData").GetProperty("v").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task A_terminated_execution_cancels_its_tasks_and_takes_them_off_their_queues()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("seq_term", "seq_term_a");
        var id = await client.StartAsync("seq_term", new { v = 1 });
        await client.JsonAsync(HttpMethod.Delete, $"/api/workflow/{id}?reason=enough");
        var execution = await client.ExecutionAsync(id);
        execution.GetProperty("status").GetString().ShouldBe("TERMINATED");
        execution.GetProperty("reasonForIncompletion").GetString().ShouldBe("enough");
        execution.GetProperty("tasks")[0].GetProperty("status").GetString().ShouldBe("CANCELED");
        (await client.JsonAsync(HttpMethod.Get, "/api/tasks/poll/batch/seq_term_a?count=1&timeout=0")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Commands_that_the_state_does_not_allow_are_refused_with_Conductors_words()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("seq_refuse", "seq_refuse_a");
        var id = await client.StartAsync("seq_refuse", new { v = 1 });
        var task = await client.PollOneAsync("seq_refuse_a");
        await client.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(task, "COMPLETED", new { v = 2 }));
        Message(await client.JsonAsync(HttpMethod.Delete, $"/api/workflow/{id}", expect: 409)).ShouldBe("Cannot terminate a COMPLETED workflow.");
        Message(await client.JsonAsync(HttpMethod.Put, $"/api/workflow/{id}/pause", expect: 409)).ShouldBe(
            $"Workflow seq_refuse.1/{id} has ended, status cannot be updated.");
        Message(await client.JsonAsync(HttpMethod.Post, $"/api/workflow/{id}/retry", expect: 409)).ShouldBe(
            "There are no retryable tasks! Use restart if you want to attempt entire workflow execution again.");
        var nobody = Guid.NewGuid();
        Message(await client.JsonAsync(HttpMethod.Put, $"/api/workflow/{nobody}/pause", expect: 404)).ShouldBe($"No such workflow found by id: {nobody}");
    }

    [Fact]
    public async Task Tasks_of_a_higher_priority_are_handed_out_first()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("seq_prio", "seq_prio_a");
        await client.StartAsync("seq_prio", new { v = 1 });
        var urgent = await client.StartAsync("seq_prio", new { v = 2 }, "?version=1&priority=9");
        (await client.PollOneAsync("seq_prio_a")).GetProperty("workflowInstanceId").GetString().ShouldBe(urgent);
    }

    [Fact]
    public async Task Executions_are_found_by_type_status_and_correlation_in_pages()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("seq_search", "seq_search_a");
        for (var i = 0; i < 5; i++) await client.StartAsync("seq_search", new { v = i }, $"?version=1&correlationId=order-{i}");
        var page = await client.JsonAsync(HttpMethod.Get, "/api/workflow/search?start=1&size=2&sort=startTime:ASC&query=" + Uri.EscapeDataString(
            "workflowType=\"seq_search\" AND status IN (RUNNING, PAUSED)"));
        page.GetProperty("totalHits").GetInt64().ShouldBe(5);
        page.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("correlationId").GetString()).ShouldBe(["order-1", "order-2"]);
        page.GetProperty("results")[0].GetProperty("input").GetString().ShouldBe("{v=1}");
        var one = await client.JsonAsync(HttpMethod.Get, "/api/workflow/search?query=correlationId%3Dorder-3");
        one.GetProperty("totalHits").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task What_happened_is_in_the_history_in_order()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("seq_history", "seq_history_a");
        var id = await client.StartAsync("seq_history", new { v = 1 });
        var task = await client.PollOneAsync("seq_history_a");
        await client.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(task, "COMPLETED", new { v = 2 }));
        await using var source = Npgsql.NpgsqlDataSource.Create(server.Database);
        await using var command = source.CreateCommand(
            "SELECT array_agg(e->>0 ORDER BY number, n) FROM workflows.history, json_array_elements(events::json) WITH ORDINALITY AS o(e, n) "
            + "WHERE workflow_id = $1");
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = Guid.Parse(id) });
        await using var row = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        await row.ReadAsync(TestContext.Current.CancellationToken);
        var kinds = row.GetFieldValue<string[]>(0);
        kinds.ShouldBe(["WorkflowStarted", "TaskScheduled", "TaskHandedOut", "TaskCompleted", "WorkflowCompleted"]);
    }

    private static string? Message(JsonElement error) => error.GetProperty("message").GetString();
}
