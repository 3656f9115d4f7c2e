using Conductor.Sagas.Workflow;
using Conductor.Workflows.Sagas;
using System.Diagnostics;
using Conductor.Engines;
using Conductor.Postgres.Workflows;
using Conductor.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Workflows.Tests.Tasks;

[Integration]
public sealed class TimeoutTests(WorkflowsServer server, ITestOutputHelper output)
{
    [Fact]
    public async Task A_worker_that_falls_silent_loses_its_task_to_the_next_attempt()
    {
        var client = await server.ClientAsync();
        await RegisterAsync(client, "silent", new
        {
            name = "silent_a", ownerEmail = "t@example.com", retryCount = 1, retryDelaySeconds = 0, timeoutSeconds = 60, responseTimeoutSeconds = 1,
        });
        var id = await client.StartAsync("silent", new { });
        var first = await client.PollOneAsync("silent_a");
        var second = await client.PollOneAsync("silent_a");
        second.GetProperty("retryCount").GetInt32().ShouldBe(1);
        second.GetProperty("taskId").GetString().ShouldNotBe(first.GetProperty("taskId").GetString());
        await client.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(first, "COMPLETED", new { late = true }));
        var execution = await client.ExecutionAsync(id);
        execution.GetProperty("status").GetString().ShouldBe("RUNNING");
        execution.GetProperty("tasks")[0].GetProperty("status").GetString().ShouldBe("TIMED_OUT");
    }

    [Fact]
    public async Task A_hand_out_wakes_the_clock_so_that_a_response_timeout_of_a_second_takes_a_second()
    {
        var client = await server.ClientAsync();
        await RegisterAsync(client, "prompt", new
        {
            name = "prompt_a", ownerEmail = "t@example.com", retryCount = 1, retryDelaySeconds = 0, timeoutSeconds = 60, responseTimeoutSeconds = 1,
        });
        await client.StartAsync("prompt", new { });
        await client.PollOneAsync("prompt_a");
        var clock = Stopwatch.StartNew();
        (await client.PollOneAsync("prompt_a")).GetProperty("retryCount").GetInt32().ShouldBe(1);
        output.WriteLine($"the attempt that follows came {clock.Elapsed.TotalMilliseconds:0} ms after the first hand-out");
        clock.Elapsed.TotalSeconds.ShouldBeInRange(0.9, 3);
    }

    [Fact]
    public async Task A_task_that_is_put_back_for_a_worker_that_has_gone_times_out_when_nobody_polls_it()
    {
        var client = await server.ClientAsync();
        await RegisterAsync(client, "returned", new
        {
            name = "returned_a", ownerEmail = "t@example.com", retryCount = 0, timeoutPolicy = "RETRY", timeoutSeconds = 60, responseTimeoutSeconds = 60,
            pollTimeoutSeconds = 1,
        });
        var id = await client.StartAsync("returned", new { });
        var task = await client.PollOneAsync("returned_a", "gone");
        var returned = new ReturnTask(Guid.Parse(id), task.GetProperty("taskId").GetGuid(), PollCount: 1);
        var messages = server.Services.GetRequiredService<ExecutionMessages>();
        await messages.SendAsync(returned, returned.WorkflowId, returned.TaskId, TestContext.Current.CancellationToken);
        var ended = await Eventually.BecomesAsync(() => client.ExecutionAsync(id), e => e.GetProperty("status").GetString() != "RUNNING");
        ended.GetProperty("reasonForIncompletion").GetString()!.ShouldContain("poll timed out");
    }

    [Fact]
    public async Task The_lines_that_a_worker_logs_are_there_with_its_result()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("logged", "logged_a");
        var id = await client.StartAsync("logged", new { v = 1 });
        var task = await client.PollOneAsync("logged_a");
        await client.TextAsync(HttpMethod.Post, "/api/tasks", new
        {
            taskId = task.GetProperty("taskId").GetString(), workflowInstanceId = id, status = "COMPLETED",
            logs = new[] { new { log = "one" }, new { log = "two" } },
        });
        var log = await client.JsonAsync(HttpMethod.Get, $"/api/tasks/{task.GetProperty("taskId").GetString()}/log");
        log.EnumerateArray().Select(l => l.GetProperty("log").GetString()).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task A_worker_that_extends_its_lease_keeps_its_task()
    {
        var client = await server.ClientAsync();
        await RegisterAsync(client, "kept", new
        {
            name = "kept_a", ownerEmail = "t@example.com", retryCount = 1, retryDelaySeconds = 0, timeoutSeconds = 60, responseTimeoutSeconds = 2,
        });
        var id = await client.StartAsync("kept", new { });
        var task = await client.PollOneAsync("kept_a");
        for (var i = 0; i < 3; i++)
        {
            await client.TextAsync(HttpMethod.Post, "/api/tasks", new
            {
                taskId = task.GetProperty("taskId").GetString(), workflowInstanceId = id, status = "IN_PROGRESS", extendLease = true,
            });
            // A poll that finds nothing for a second: the time that passes is what is tested.
            (await client.JsonAsync(HttpMethod.Get, "/api/tasks/poll/batch/kept_a?count=1&timeout=1000")).GetArrayLength().ShouldBe(0);
        }
        await client.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(task, "COMPLETED", new { }));
        (await client.ExecutionAsync(id)).GetProperty("status").GetString().ShouldBe("COMPLETED");
    }

    [Fact]
    public async Task A_wait_ends_by_itself_when_its_time_has_passed()
    {
        var client = await server.ClientAsync();
        await client.JsonAsync(HttpMethod.Put, "/api/metadata/workflow", new[]
        {
            new
            {
                name = "short_wait", version = 1, schemaVersion = 2, ownerEmail = "t@example.com", timeoutSeconds = 0,
                tasks = new[] { new { name = "wait", taskReferenceName = "wait", type = "WAIT", inputParameters = new { duration = "1 s" } } },
            },
        });
        var id = await client.StartAsync("short_wait", new { });
        (await client.ExecutionAsync(id)).GetProperty("tasks")[0].GetProperty("status").GetString().ShouldBe("IN_PROGRESS");
        await EndedAsync(client, id);
    }

    [Fact]
    public async Task A_task_that_a_worker_gives_back_is_handed_out_again_after_its_callback()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("callback", "callback_a");
        var id = await client.StartAsync("callback", new { v = 1 });
        var task = await client.PollOneAsync("callback_a");
        await client.TextAsync(HttpMethod.Post, "/api/tasks",
            new { taskId = task.GetProperty("taskId").GetString(), workflowInstanceId = id, status = "IN_PROGRESS", callbackAfterSeconds = 1,
                outputData = new { half = 1 } });
        (await client.JsonAsync(HttpMethod.Get, "/api/tasks/poll/batch/callback_a?count=1&timeout=0")).GetArrayLength().ShouldBe(0);
        var again = await client.PollOneAsync("callback_a");
        again.GetProperty("taskId").GetString().ShouldBe(task.GetProperty("taskId").GetString());
        again.GetProperty("pollCount").GetInt32().ShouldBe(2);
    }

    private static async Task RegisterAsync(HttpClient client, string name, object task)
    {
        await client.RegisterSequenceAsync(name, name + "_a");
        await client.JsonAsync(HttpMethod.Put, "/api/metadata/taskdefs", task);
    }

    private static async Task EndedAsync(HttpClient client, string id)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var i = 0; i < 200 && (await client.ExecutionAsync(id)).GetProperty("status").GetString() == "RUNNING"; i++)
            await pause.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        (await client.ExecutionAsync(id)).GetProperty("status").GetString().ShouldBe("COMPLETED");
    }
}
