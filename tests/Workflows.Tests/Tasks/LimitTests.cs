using System.Text.Json;
using Conductor.Engines;
using Conductor.Postgres.Outbox;
using Conductor.Postgres.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Conductor.Workflows.Tests.Tasks;

/// <summary>Servers that share a database are data sources here: each has its own connections.</summary>
[Integration]
public sealed class LimitTests(WorkflowsServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_more_attempts_of_a_type_run_at_a_time_than_its_definition_allows()
    {
        var client = await StartAsync("one_at_a_time", executions: 3, new { concurrentExecLimit = 1 });
        var polls = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => PollAsync(client, "one_at_a_time_a", timeout: 500)));
        var first = polls.SelectMany(p => p.EnumerateArray()).ShouldHaveSingleItem();
        await client.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(first, "COMPLETED", new { }));
        (await client.PollOneAsync("one_at_a_time_a")).GetProperty("taskId").GetString().ShouldNotBe(first.GetProperty("taskId").GetString());
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(0, 3)]
    public async Task A_limit_is_exact_over_all_servers(int concurrent, int perWindow)
    {
        var name = $"exact_{concurrent}";
        await StartAsync(name, executions: 8, new { });
        var limit = new TaskLimit(name + "_a", concurrent, perWindow, TimeSpan.FromMinutes(5));
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            await using var other = NpgsqlDataSource.Create(server.Database);
            return await new CountedTasks(other).ClaimAsync(new CountedRequest(name + "_a", limit, null), Two(name + "_a"), DateTimeOffset.UtcNow, Stop);
        }));
        taken.Sum(t => t.Granted).ShouldBe(3);
        if (perWindow > 0) taken.ShouldContain(t => t.NextFree > DateTimeOffset.UtcNow.AddMinutes(4));
    }

    [Fact]
    public async Task Hand_outs_go_on_when_the_window_of_a_rate_limit_has_moved_on()
    {
        var client = await StartAsync("rated", executions: 2, new { rateLimitPerFrequency = 1, rateLimitFrequencyInSeconds = 1 });
        (await PollAsync(client, "rated_a", timeout: 0)).GetArrayLength().ShouldBe(1);
        (await PollAsync(client, "rated_a", timeout: 0)).GetArrayLength().ShouldBe(0);
        await client.PollOneAsync("rated_a");
    }

    [Fact]
    public async Task Servers_together_hand_out_to_workers_on_the_bus_no_more_than_these_have_hands_free_for()
    {
        var client = await StartAsync("shared_hands", executions: 8, new { });
        await client.PollOneAsync("shared_hands_a");
        var bus = server.Services.GetRequiredService<CountedTasks>();
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            _ => bus.ClaimAsync(new CountedRequest("shared_hands_a", null, MostOnBus: 3), Two("shared_hands_a"), DateTimeOffset.UtcNow, Stop)));
        taken.Sum(t => t.Granted).ShouldBe(3);
    }

    [Fact]
    public async Task A_hand_out_that_did_not_happen_can_be_tried_again_at_once_and_holds_nobody_up_for_long()
    {
        await server.ClientAsync();
        var counted = server.Services.GetRequiredService<CountedTasks>();
        var limit = new TaskLimit("failed_hand_out", Concurrent: 2, 0, TimeSpan.Zero);
        var request = new CountedRequest("failed_hand_out", limit, MostOnBus: 2);
        var (tasks, others, now) = (Two(request.Queue), Two(request.Queue), DateTimeOffset.UtcNow);
        (await counted.ClaimAsync(request, tasks, now, Stop)).Granted.ShouldBe(2);
        (await counted.ClaimAsync(request, others, now, Stop)).Granted.ShouldBe(0);
        (await counted.ClaimAsync(request, tasks, now, Stop)).Granted.ShouldBe(2);
        (await counted.ClaimAsync(request, others, now.AddSeconds(11), Stop)).Granted.ShouldBe(2);
    }

    [Fact]
    public async Task A_server_that_comes_too_late_for_a_task_does_not_take_back_the_count_of_the_one_that_handed_it_out()
    {
        var client = await StartAsync("late", executions: 1, new { concurrentExecLimit = 1 });
        var task = (await client.PollOneAsync("late_a")).GetProperty("taskId").GetGuid();
        var counted = server.Services.GetRequiredService<CountedTasks>();
        await counted.ReleaseAsync([task], Stop);
        var request = new CountedRequest("late_a", new TaskLimit("late_a", Concurrent: 1, 0, TimeSpan.Zero), null);
        QueuedTask[] stale = [.. Two("late_a"), new QueuedTask(task, Guid.NewGuid(), "late_a", "w", 0, DateTimeOffset.UtcNow)];
        (await counted.ClaimAsync(request, stale, DateTimeOffset.UtcNow.AddMinutes(1), Stop)).Granted.ShouldBe(0);
    }

    private static QueuedTask[] Two(string queue) =>
        [.. Enumerable.Range(0, 2).Select(_ => new QueuedTask(Guid.NewGuid(), Guid.NewGuid(), queue, "w", 0, DateTimeOffset.UtcNow))];

    private static Task<JsonElement> PollAsync(HttpClient client, string type, int timeout) =>
        client.JsonAsync(HttpMethod.Get, $"/api/tasks/poll/batch/{type}?workerid=w&count=1&timeout={timeout}");

    private async Task<HttpClient> StartAsync(string name, int executions, object limits)
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync(name, name + "_a");
        var definition = JsonSerializer.SerializeToNode(limits)!.AsObject();
        (definition["name"], definition["ownerEmail"]) = (name + "_a", "t@example.com");
        await client.JsonAsync(HttpMethod.Put, "/api/metadata/taskdefs", definition);
        for (var i = 0; i < executions; i++) await client.StartAsync(name, new { v = i });
        return client;
    }
}
