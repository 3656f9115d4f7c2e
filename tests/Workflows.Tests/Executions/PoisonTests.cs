using Microsoft.Extensions.DependencyInjection;
using Conductor.Workflows.Sagas;
using Conductor.Engines;
using Conductor.Testing;
using Npgsql;

namespace Conductor.Workflows.Tests.Executions;

/// <summary>The output of a task is damaged in the database: whatever reads it throws.</summary>
[Integration]
public sealed class PoisonTests(WorkflowsServer server)
{
    private const int Poisoned = 30;

    [Fact]
    public async Task Timers_that_cannot_be_handled_fail_their_executions_with_the_reason_and_hold_up_no_other()
    {
        var client = await server.ClientAsync();
        await RegisterAsync(client, "poison_timer", new object[]
        {
            new { name = "poison_timer_a", taskReferenceName = "a", type = "SIMPLE" },
            new { name = "wait", taskReferenceName = "wait", type = "WAIT", inputParameters = new { duration = "1 s" } },
            new { name = "poison_timer_b", taskReferenceName = "b", type = "SIMPLE", inputParameters = new { v = "${a.output.v}" } },
        });
        await RegisterAsync(client, "poison_beside", new object[]
        {
            new { name = "wait", taskReferenceName = "wait", type = "WAIT", inputParameters = new { duration = "2 s" } },
        });
        var ids = new List<string>();
        for (var i = 0; i < Poisoned; i++) ids.Add(await CompletedAsync(client, "poison_timer", "poison_timer_a"));
        var beside = await client.StartAsync("poison_beside", new { });
        await Eventually.BecomesAsync(() => StatusAsync(client, beside), status => status == "COMPLETED", seconds: 10);
        foreach (var id in ids) await Eventually.BecomesAsync(() => StatusAsync(client, id), status => status == "FAILED", seconds: 25);
        (await client.ExecutionAsync(ids[0])).GetProperty("reasonForIncompletion").GetString()!.ShouldStartWith("WorkflowTimerElapsed could not be handled: ");
    }

    [Fact]
    public async Task A_result_that_cannot_be_handled_fails_its_execution_and_its_worker_is_done()
    {
        var client = await server.ClientAsync();
        await RegisterAsync(client, "poison_result", new object[]
        {
            new { name = "poison_result_a", taskReferenceName = "a", type = "SIMPLE" },
            new { name = "poison_result_b", taskReferenceName = "b", type = "SIMPLE" },
            new { name = "poison_result_c", taskReferenceName = "c", type = "SIMPLE", inputParameters = new { v = "${a.output.v}" } },
        });
        var id = await CompletedAsync(client, "poison_result", "poison_result_a");
        var task = await client.PollOneAsync("poison_result_b");
        (await client.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(task, "COMPLETED", new { }))).Status.ShouldBe(200);
        var execution = await client.ExecutionAsync(id);
        execution.GetProperty("status").GetString().ShouldBe("FAILED");
        execution.GetProperty("reasonForIncompletion").GetString()!.ShouldStartWith("TaskExecuted could not be handled: ");
    }

    // The first task is done, and its output damaged.
    private async Task<string> CompletedAsync(HttpClient client, string name, string first)
    {
        var id = await client.StartAsync(name, new { });
        var task = await client.PollOneAsync(first);
        await client.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(task, "COMPLETED", new { v = 1 }));
        await using var source = NpgsqlDataSource.Create(server.Database);
        await using var command = source.CreateCommand("UPDATE workflows.tasks SET output = '{' WHERE workflow_id = $1 AND ref = 'a'");
        command.Parameters.Add(new() { Value = Guid.Parse(id) });
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        server.Services.GetRequiredService<ExecutionCache>().Clear();
        return id;
    }

    private static async Task<string> StatusAsync(HttpClient client, string id) =>
        (await client.JsonAsync(HttpMethod.Get, $"/api/workflow/{id}/status")).GetProperty("status").GetString()!;

    private static Task RegisterAsync(HttpClient client, string name, object[] tasks) => client.JsonAsync(HttpMethod.Put, "/api/metadata/workflow", new[]
    {
        new { name, version = 1, schemaVersion = 2, ownerEmail = "t@example.com", timeoutSeconds = 0, tasks },
    });
}
