using System.Collections.Concurrent;
using System.Text.Json;
using Conductor.Engines;
using Conductor.Postgres.Workflows;
using Conductor.Testing;
using Npgsql;

namespace Conductor.Workflows.Tests.Tasks;

[Integration]
public sealed class TwoServersTests(WorkflowsServer server)
{
    [Fact]
    public async Task Two_servers_hand_each_task_out_once_and_all_executions_end()
    {
        var (one, other) = await server.TwoAsync();
        await using var ends = one;
        await using var endsToo = other;
        var (first, second) = (one.Client, other.Client);
        await first.RegisterSequenceAsync("two_servers", "two_servers_a", "two_servers_b");
        using var done = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var handedOut = new ConcurrentBag<string>();
        HttpClient[] clients = [first, second];
        string[] types = ["two_servers_a", "two_servers_b"];
        var workers = clients.SelectMany(client => types.Select(type => WorkAsync(client, clients, type, handedOut, done.Token))).ToList();
        var ids = new ConcurrentBag<string>();
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
            ids.Add(await clients[i % 2].StartAsync("two_servers", new { v = i })));
        await Eventually.BecomesAsync(() => CompletedAsync(first), completed => completed == 200, seconds: 60);
        await done.CancelAsync();
        await Task.WhenAll(workers);
        handedOut.Count.ShouldBe(400);
        handedOut.ShouldBeUnique();
    }

    [Fact]
    public async Task Workers_that_poll_one_server_only_get_the_tasks_of_the_others_within_moments()
    {
        var (one, other) = await server.TwoAsync();
        await using var ends = one;
        await using var endsToo = other;
        var (first, second) = (one.Client, other.Client);
        await first.RegisterSequenceAsync("one_sided", "one_sided_a");
        for (var i = 0; i < 20; i++) await (i % 2 == 0 ? first : second).StartAsync("one_sided", new { v = i });
        for (var i = 0; i < 20; i++) await first.PollOneAsync("one_sided_a");
    }

    [Fact]
    public async Task Tasks_of_a_server_that_has_gone_are_handed_out_by_those_that_are_left()
    {
        var (one, other) = await server.TwoAsync();
        await using var ends = one;
        await using var endsToo = other;
        var (first, second) = (one.Client, other.Client);
        await first.RegisterSequenceAsync("left_over", "left_over_a");
        for (var i = 0; i < 20; i++) await second.StartAsync("left_over", new { v = i });
        await other.StopAsync();
        for (var i = 0; i < 20; i++) await first.PollOneAsync("left_over_a");
    }

    [Fact]
    public async Task Tasks_of_a_server_that_has_died_are_handed_out_by_those_that_are_left()
    {
        var (one, other) = await server.TwoAsync();
        await using var ends = one;
        await using var endsToo = other;
        var (first, second) = (one.Client, other.Client);
        await first.RegisterSequenceAsync("bereft", "bereft_a");
        for (var i = 0; i < 20; i++) await second.StartAsync("bereft", new { v = i });
        await other.KillAsync();
        var tasks = new HashSet<string>();
        await Eventually.IsTrueAsync(
            async () =>
            {
                var some = await first.JsonAsync(HttpMethod.Get, "/api/tasks/poll/batch/bereft_a?count=20&timeout=1000");
                return some.EnumerateArray().All(task => tasks.Add(task.GetProperty("taskId").GetString()!)) && tasks.Count == 20;
            }, "all tasks are handed out, each once");
    }

    [Fact]
    public async Task Workers_on_the_bus_get_the_tasks_of_a_server_that_has_died_within_moments()
    {
        var (one, other) = await server.TwoAsync();
        await using var ends = one;
        await using var endsToo = other;
        await using var database = NpgsqlDataSource.Create(one.Database);
        var (first, second) = (one.Client, other.Client);
        await first.RegisterSequenceAsync("bereft_bus", "bereft_bus_a");
        for (var i = 0; i < 20; i++) await second.StartAsync("bereft_bus", new { v = i });
        await other.KillAsync();
        await new BusWorkerTable(database).SeenAsync("bereft_bus_a", "", "w", concurrency: 50, DateTimeOffset.UtcNow, TestContext.Current.CancellationToken);
        // A server that is silent counts as gone after 15 s: it must not take that long.
        await Eventually.BecomesAsync(
            async () => (await first.JsonAsync(HttpMethod.Get, "/api/tasks/queue/sizes?taskType=bereft_bus_a")).GetProperty("bereft_bus_a").GetInt64(),
            waiting => waiting == 0, seconds: 12);
    }

    [Fact]
    public async Task A_server_that_is_alone_after_others_does_not_trust_what_it_had_in_memory()
    {
        var (one, other) = await server.TwoAsync();
        await using var ends = one;
        await using var endsToo = other;
        var (first, second) = (one.Client, other.Client);
        await first.RegisterSequenceAsync("stale", "stale_a", "stale_b");
        var id = await first.StartAsync("stale", new { v = 1 });
        var task = await first.PollOneAsync("stale_a");
        (await second.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(task, "COMPLETED", new { v = 2 }))).Status.ShouldBe(200);
        await other.StopAsync();
        var next = await first.PollOneAsync("stale_b");
        next.GetProperty("inputData").GetProperty("v").GetInt32().ShouldBe(2);
        await first.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(next, "COMPLETED", new { v = 3 }));
        (await first.ExecutionAsync(id)).GetProperty("status").GetString().ShouldBe("COMPLETED");
    }

    private static async Task WorkAsync(HttpClient client, HttpClient[] clients, string type, ConcurrentBag<string> handedOut, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            var tasks = await client.JsonAsync(HttpMethod.Get, $"/api/tasks/poll/batch/{type}?workerid=w&count=10&timeout=200");
            await Task.WhenAll(tasks.EnumerateArray().Select((task, i) => ReportAsync(clients[i % 2], task, handedOut)));
        }
    }

    private static async Task ReportAsync(HttpClient client, JsonElement task, ConcurrentBag<string> handedOut)
    {
        handedOut.Add(task.GetProperty("taskId").GetString()!);
        (await client.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(task, "COMPLETED", new { v = 1 }))).Status.ShouldBe(200);
    }

    private static async Task<long> CompletedAsync(HttpClient client) => (await client.JsonAsync(
        HttpMethod.Get, "/api/workflow/search?size=1&query=workflowType%3Dtwo_servers%20AND%20status%3DCOMPLETED")).GetProperty("totalHits").GetInt64();
}
