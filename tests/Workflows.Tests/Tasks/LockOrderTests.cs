using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Conductor.Engines;
using Conductor.Testing;
using Npgsql;

namespace Conductor.Workflows.Tests.Tasks;

/// <summary>
/// Executions fork into tasks of which one fails, which cancels the others, or are terminated, while workers poll, give back and complete.
/// CONDUCTOR_FORKS says how many (300).
/// </summary>
[Integration]
public sealed class LockOrderTests(WorkflowsServer server, ITestOutputHelper output)
{
    private static readonly int Executions = int.Parse(Environment.GetEnvironmentVariable("CONDUCTOR_FORKS") ?? "300", CultureInfo.InvariantCulture);
    private static readonly string[] Types = ["lock_a", "lock_b", "lock_c", "lock_fails"];

    [Fact]
    public async Task Forks_that_fail_and_are_cancelled_while_workers_poll_never_deadlock()
    {
        var client = await server.ClientAsync();
        await RegisterAsync(client);
        var before = await DeadlocksAsync();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var workers = Types.SelectMany(type => Enumerable.Range(0, 3).Select(i => WorkAsync(client, type, $"w{i}", done.Token))).ToList();
        var ids = new ConcurrentQueue<string>();
        await Parallel.ForAsync(0, Executions, new ParallelOptions { MaxDegreeOfParallelism = 24 }, async (i, _) =>
        {
            var id = await client.StartAsync("lock_fork", new { i });
            ids.Enqueue(id);
            if (i % 5 == 0) await client.TextAsync(HttpMethod.Delete, $"/api/workflow/{id}");
        });
        await Eventually.BecomesAsync(RunningAsync, running => running == 0, seconds: 600);
        await done.CancelAsync();
        await Task.WhenAll(workers);
        var deadlocks = await DeadlocksAsync() - before;
        output.WriteLine($"{ids.Count} executions, {deadlocks} deadlocks");
        deadlocks.ShouldBe(0);
    }

    [Fact]
    public async Task A_hand_out_in_the_middle_of_a_cancellation_waits_for_nothing_that_waits_for_it()
    {
        var client = await server.ClientAsync();
        await client.JsonAsync(HttpMethod.Put, "/api/metadata/workflow", new[] { Fork("lock_two", ["two_a", "two_b"]) });
        var id = await client.StartAsync("lock_two", new { });
        var before = await DeadlocksAsync();
        await using var source = NpgsqlDataSource.Create(server.Database);
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = new NpgsqlCommand($"SELECT 1 FROM workflows.tasks WHERE workflow_id = '{id}' AND ref = 'two_b' FOR UPDATE", connection))
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        // It has changed the first task, and waits for the second one.
        var cancellation = client.TextAsync(HttpMethod.Delete, $"/api/workflow/{id}");
        await Eventually.BecomesAsync(WaitingAsync, waiting => waiting == 1);
        var handOut = client.TextAsync(HttpMethod.Get, "/api/tasks/poll/batch/two_a?timeout=0");
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        (await cancellation).Status.ShouldBe(200);
        (await handOut).ShouldBe((200, "[]"));
        (await DeadlocksAsync() - before).ShouldBe(0);
    }

    private static async Task RegisterAsync(HttpClient client)
    {
        await client.JsonAsync(HttpMethod.Post, "/api/metadata/taskdefs", Types.Select(
            name => new { name, ownerEmail = "t@example.com", retryCount = 0, timeoutSeconds = 0, responseTimeoutSeconds = 5, pollTimeoutSeconds = 60 }));
        await client.JsonAsync(HttpMethod.Put, "/api/metadata/workflow", new[] { Fork("lock_fork", Types) });
    }

    private static object Fork(string name, string[] types) => new
    {
        name, version = 1, schemaVersion = 2, ownerEmail = "t@example.com", timeoutSeconds = 0,
        tasks = new object[]
        {
            new
            {
                name = "fork", taskReferenceName = "fork", type = "FORK_JOIN",
                forkTasks = types.Select(type => new[] { new { name = type, taskReferenceName = type, type = "SIMPLE" } }),
            },
            new { name = "join", taskReferenceName = "join", type = "JOIN", joinOn = types },
        },
    };

    private static async Task WorkAsync(HttpClient client, string type, string worker, CancellationToken done)
    {
        var random = new Random(worker.Length + type.Length);
        while (!done.IsCancellationRequested)
        {
            var tasks = await client.JsonAsync(HttpMethod.Get, $"/api/tasks/poll/batch/{type}?workerid={worker}&count=5&timeout=100");
            await Task.WhenAll(tasks.EnumerateArray().Select(task => client.TextAsync(HttpMethod.Post, "/api/tasks", Report(task, type, random))));
        }
    }

    private static object Report(JsonElement task, string type, Random random) => random.Next(8) switch
    {
        0 => new
        {
            taskId = task.GetProperty("taskId").GetString(), workflowInstanceId = task.GetProperty("workflowInstanceId").GetString(),
            status = "IN_PROGRESS", extendLease = random.Next(2) == 0,
        },
        _ => Calls.Result(task, type == "lock_fails" ? "FAILED" : "COMPLETED", new { }),
    };

    private async Task<long> RunningAsync() => await ScalarAsync("SELECT count(*) FROM workflows.instances WHERE name = 'lock_fork' AND status = 'RUNNING'");

    private Task<long> WaitingAsync() => ScalarAsync(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%workflows.tasks%'");

    private Task<long> DeadlocksAsync() => ScalarAsync("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");

    private async Task<long> ScalarAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(server.Database);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
