using System.Text.Json;
using Conductor.Engines;
using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows.Retention;
using Conductor.Workflows.Retention;
using Microsoft.Extensions.Time.Testing;

namespace Conductor.Workflows.Tests.Retention;

[Integration]
[Collection("retention")]
public sealed class OldRowsTests(WorkflowsServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Polls_and_bus_workers_go_after_their_period_and_not_when_they_are_switched_off()
    {
        await server.ClientAsync();
        // Long before anything that the service itself writes.
        var time = new FakeTimeProvider(new DateTimeOffset(2001, 1, 8, 0, 0, 1, TimeSpan.Zero));
        await AddAsync("old_type", new(2001, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await AddAsync("newer_type", time.GetUtcNow());
        var off = new OldRowsOptions { Enabled = false, Period = TimeSpan.FromDays(7) };
        await Upkeep(time, new() { PollData = off, BusWorkers = off, Pause = TimeSpan.Zero }).RoundAsync(Stop);
        (await TypesAsync("poll_data", "queue"), await TypesAsync("bus_workers", "task_type")).ShouldBe(("newer_type old_type", "newer_type old_type"));
        await Upkeep(time, new() { Pause = TimeSpan.Zero }).RoundAsync(Stop);
        (await TypesAsync("poll_data", "queue"), await TypesAsync("bus_workers", "task_type")).ShouldBe(("newer_type", "newer_type"));
    }

    [Fact]
    public async Task Lines_about_tasks_that_are_no_more_go_and_the_others_stay()
    {
        var client = await server.ClientAsync();
        var id = (await client.EndAsync("logged", 1)).Single();
        await server.ExecuteAsync("""
            UPDATE workflows.task_logs SET created_at = '2001-01-01' WHERE task_id IN (SELECT id FROM workflows.tasks WHERE workflow_id = $1)
            """, Guid.Parse(id));
        var (stray, late) = (Guid.NewGuid(), Guid.NewGuid());
        await server.ExecuteAsync("""
            INSERT INTO workflows.task_logs (task_id, created_at, line) SELECT $1, '2001-01-01', n::text FROM generate_series(1, 2500) n
            """, stray);
        await server.ExecuteAsync("INSERT INTO workflows.task_logs (task_id, created_at, line) VALUES ($1, '2001-01-07 12:00:00+00', '')", late);
        var time = new FakeTimeProvider(new DateTimeOffset(2001, 1, 10, 0, 0, 0, TimeSpan.Zero));
        var off = new RetentionOptions { StrayLogs = new() { Enabled = false }, Pause = TimeSpan.Zero };
        await Upkeep(time, off).RoundAsync(Stop);
        (await LinesAsync(stray), await LinesAsync(late)).ShouldBe((2500, 1));
        await Upkeep(time, off with { StrayLogs = new RetentionOptions().StrayLogs }).RoundAsync(Stop);
        (await LinesAsync(stray), await LinesAsync(late)).ShouldBe((0, 1));
        (await server.CountAsync("SELECT count(*) FROM workflows.task_logs l JOIN workflows.tasks t ON t.id = l.task_id WHERE t.workflow_id = $1",
            Guid.Parse(id))).ShouldBe(1);
    }

    [Fact]
    public async Task What_is_removed_by_whom_and_when_is_shown_with_the_switch()
    {
        var client = await server.ClientAsync();
        await client.EndAsync("shown_going", 2);
        await client.RegisterAsync("shown_going", retentionDays: 3);
        await server.AgeAsync("shown_going", 4);
        var before = (await KindsAsync(client))["executions"].GetProperty("removed").GetInt64();
        await server.Retention().AllAsync();
        var kinds = await KindsAsync(client);
        kinds.Keys.ShouldBe(["busWorkers", "executions", "handOuts", "history", "idempotencyKeys", "inbox", "outbox", "pollData", "strayLogs", "taskLogs",
            "tasks"]);
        var executions = kinds["executions"];
        executions.GetProperty("removed").GetInt64().ShouldBe(before + 2);
        executions.GetProperty("lastRun").GetInt64().ShouldBeGreaterThan(DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeMilliseconds());
        executions.GetProperty("periodSeconds").GetInt64().ShouldBe(30 * 86_400);
        // As the service is set up here.
        executions.GetProperty("isOn").GetBoolean().ShouldBeFalse();
        executions.GetProperty("setting").GetString().ShouldBe("Retention:Enabled");
        kinds["inbox"].GetProperty("setting").GetString().ShouldBe("Retention:Inbox:Enabled");
        kinds["inbox"].GetProperty("isOn").GetBoolean().ShouldBeTrue();
        kinds["outbox"].TryGetProperty("setting", out _).ShouldBeFalse();
        (await client.JsonAsync(HttpMethod.Get, "/api/retention")).GetProperty("retentionDays").GetProperty("shown_going").GetInt32().ShouldBe(3);
    }

    private static async Task<SortedDictionary<string, JsonElement>> KindsAsync(HttpClient client) =>
        new((await client.JsonAsync(HttpMethod.Get, "/api/retention")).GetProperty("kinds").EnumerateArray()
            .ToDictionary(k => k.GetProperty("kind").GetString()!), StringComparer.Ordinal);

    private OldRowsUpkeep Upkeep(TimeProvider time, RetentionOptions options) =>
        new(server.Part<OldRows>(), options, new Removals(time), server.Part<BackgroundLoops>(), time);

    private async Task AddAsync(string type, DateTimeOffset at)
    {
        await server.ExecuteAsync("INSERT INTO workflows.poll_data (queue, worker_id, polled_at) VALUES ($1, 'w', $2)", type, at);
        await server.ExecuteAsync("INSERT INTO workflows.bus_workers (task_type, worker_id, concurrency, seen_at) VALUES ($1, 'w', 1, $2)", type, at);
    }

    private Task<string> TypesAsync(string table, string column) => server.ReadAsync<string>(
        $"SELECT string_agg({column}, ' ' ORDER BY {column}) FROM workflows.{table} WHERE {column} IN ('old_type', 'newer_type')");

    private Task<long> LinesAsync(Guid task) => server.CountAsync("SELECT count(*) FROM workflows.task_logs WHERE task_id = $1", task);
}
