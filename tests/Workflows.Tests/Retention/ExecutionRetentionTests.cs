using System.Text.Json;
using Conductor.Engines;
using Conductor.Testing;

namespace Conductor.Workflows.Tests.Retention;

[Integration]
[Collection("retention")]
public sealed class ExecutionRetentionTests(WorkflowsServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_its_period_an_execution_is_in_the_archive_as_it_was_and_no_longer_in_the_database()
    {
        var client = await server.ClientAsync();
        var id = (await client.EndAsync("kept_a_month", 1)).Single();
        await server.AgeAsync("kept_a_month", 31);
        var (_, before) = await client.TextAsync(HttpMethod.Get, $"/api/workflow/{id}?includeTasks=true");
        await server.Retention().AllAsync();
        (await client.TextAsync(HttpMethod.Get, $"/api/workflow/{id}")).Status.ShouldBe(404);

        var archived = (await client.ArchivedAsync(id)).EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
        archived["history"].EnumerateArray().Select(h => h.GetProperty("number").GetInt32()).First().ShouldBe(1);
        archived["history"].GetRawText().ShouldContain("TaskCompleted");
        archived["taskLogs"].EnumerateArray().ShouldHaveSingleItem().GetProperty("log").GetString().ShouldBe("line 0");
        archived.Remove("taskLogs");
        archived["history"] = JsonElement.Parse("[]");
        var shown = JsonElement.Parse(before).EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetRawText());
        archived.ToDictionary(p => p.Key, p => p.Value.GetRawText()).ShouldBe(shown, ignoreOrder: true);
    }

    [Fact]
    public async Task Nothing_of_a_removed_execution_stays_in_any_table()
    {
        var client = await server.ClientAsync();
        await client.RegisterAsync("removed_whole");
        var (_, id) = await client.TextAsync(HttpMethod.Post, "/api/workflow", new { name = "removed_whole", idempotencyKey = "k" });
        var task = await client.PollOneAsync("removed_whole_a");
        await client.JsonAsync(HttpMethod.Post, $"/api/tasks/{task.GetProperty("taskId").GetString()}/log", "line");
        await client.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(task, "COMPLETED", new { v = 1 }));
        await server.AgeAsync("removed_whole", 31);
        var taskId = Guid.Parse(task.GetProperty("taskId").GetString()!);
        string[] tables = ["ended WHERE id", "tasks WHERE workflow_id", "history WHERE workflow_id", "idempotency_keys WHERE execution"];
        foreach (var table in tables)
            (await server.CountAsync($"SELECT count(*) FROM workflows.{table} = $1", Guid.Parse(id))).ShouldBeGreaterThan(0, table);
        (await server.CountAsync("SELECT count(*) FROM workflows.task_logs WHERE task_id = $1", taskId)).ShouldBe(1);
        await server.Retention().AllAsync();
        foreach (var table in tables) (await server.CountAsync($"SELECT count(*) FROM workflows.{table} = $1", Guid.Parse(id))).ShouldBe(0, table);
        (await server.CountAsync("SELECT count(*) FROM workflows.task_logs WHERE task_id = $1", taskId)).ShouldBe(0);
        (await client.TextAsync(HttpMethod.Post, "/api/workflow", new { name = "removed_whole", idempotencyKey = "k" })).Text.ShouldNotBe(id);
    }

    [Fact]
    public async Task Before_its_period_has_passed_and_while_it_runs_an_execution_stays()
    {
        var client = await server.ClientAsync();
        var ended = await client.EndAsync("kept_younger", 2);
        await server.AgeAsync("kept_younger", 29.99);
        var older = (await client.EndAsync("kept_younger", 1)).Single();
        var running = await client.StartAsync("kept_younger", new { v = 1 });
        await server.ExecuteAsync("UPDATE workflows.ended SET ended_at = ended_at - interval '30 days 15 minutes' WHERE id = $1", Guid.Parse(older));
        await server.ExecuteAsync("UPDATE workflows.instances SET created_at = created_at - interval '90 days' WHERE id = $1", Guid.Parse(running));
        await server.Retention().AllAsync();
        (await client.StoredAsync([.. ended, running, older])).ShouldBe([.. ended, running]);
    }

    [Fact]
    public async Task A_definition_s_latest_version_says_how_long_its_executions_stay_and_may_change_its_mind()
    {
        var client = await server.ClientAsync();
        var brief = await client.EndAsync("kept_briefly", 1, retentionDays: 2);
        var longer = await client.EndAsync("kept_longer", 1, retentionDays: 400);
        await server.AgeAsync("kept_briefly", 3);
        await server.AgeAsync("kept_longer", 300);
        await client.RegisterAsync("kept_briefly", retentionDays: 5, version: 2);
        await server.Retention().AllAsync();
        (await client.StoredAsync([.. brief, .. longer])).ShouldBe([.. brief, .. longer]);
        await client.JsonAsync(HttpMethod.Delete, "/api/metadata/workflow/kept_briefly/2");
        await server.Retention().AllAsync();
        (await client.StoredAsync([.. brief, .. longer])).ShouldBe(longer);
        await client.RegisterAsync("kept_longer", retentionDays: 0, version: 2);
        await server.Retention().AllAsync();
        (await client.StoredAsync(longer)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_period_that_is_negative_is_refused()
    {
        var client = await server.ClientAsync();
        await client.RegisterAsync("kept_never");
        var definition = await client.JsonAsync(HttpMethod.Get, "/api/metadata/workflow/kept_never");
        var fields = definition.EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
        fields["retentionDays"] = JsonElement.Parse("-1");
        var error = await client.JsonAsync(HttpMethod.Put, "/api/metadata/workflow", new[] { fields }, expect: 400);
        error.GetProperty("validationErrors")[0].GetProperty("message").GetString().ShouldBe("retentionDays: -1 must be >= 0");
    }

    [Fact]
    public async Task Where_there_is_no_archive_executions_go_without_a_trace()
    {
        var client = await server.ClientAsync();
        var ids = await client.EndAsync("kept_nowhere", 2);
        await server.AgeAsync("kept_nowhere", 31);
        await server.Retention(archives: false).AllAsync();
        (await client.StoredAsync(ids)).ShouldBeEmpty();
        (await client.TextAsync(HttpMethod.Get, $"/api/archive/{ids[0]}?day=2020-01-01")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task It_works_by_itself_and_not_when_it_is_switched_off()
    {
        var client = await server.ClientAsync();
        var ids = await client.EndAsync("kept_off", 3);
        await server.AgeAsync("kept_off", 31);
        using (var off = server.Retention(isOn: false))
        {
            await off.StartAsync(Stop);
            await off.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(10), Stop);
            await off.StopAsync(Stop);
        }
        (await client.StoredAsync(ids)).ShouldBe(ids);
        using var on = server.Retention(batch: 1);
        await on.StartAsync(Stop);
        await Eventually.BecomesAsync(() => client.StoredAsync(ids), stored => stored.Count == 0);
        await on.StopAsync(Stop);
    }

    [Fact]
    public async Task Batches_are_small_oldest_first_and_executions_that_run_meanwhile_are_not_held_up()
    {
        var client = await server.ClientAsync();
        var old = await client.EndAsync("kept_in_batches", 25);
        await server.AgeAsync("kept_in_batches", 31);
        (await server.Retention(batch: 10).RoundAsync(Stop)).ShouldBe(10);
        (await client.StoredAsync(old)).ShouldBe(old[10..]);
        var retention = server.Retention(batch: 2);
        var removal = retention.AllAsync();
        var load = client.EndAsync("kept_meanwhile", 30);
        (await removal).ShouldBe(15);
        (await client.StoredAsync(await load)).Count.ShouldBe(30);
        (await client.ExportedAsync("kept_in_batches")).ShouldBe(old);
    }
}
