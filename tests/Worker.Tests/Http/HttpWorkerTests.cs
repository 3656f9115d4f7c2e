using System.Text.Json;
using Microsoft.Extensions.Hosting;

namespace Conductor.Worker.Tests.Http;

public sealed class HttpWorkerTests
{
    public sealed record ChargeCard(string CardNumber, decimal Amount);

    public sealed record Receipt(string ReceiptId, decimal Amount);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_task_is_executed_with_typed_input_and_its_output_reported()
    {
        await using var server = await ConductorServer.StartAsync();
        var task = server.Queue("charge_card", new { CARDNUMBER = "4711", amount = 12.5 });
        using var host = await WorkerHost.StartAsync(server, w => w.Add("charge_card", (ChargeCard input, TaskContext context, CancellationToken _) =>
        {
            context.Log($"charging {input.CardNumber} for {context.ReferenceName} of {context.WorkflowName}, attempt {context.Attempt}");
            return Task.FromResult(new Receipt("r1", input.Amount));
        }));

        var result = (await server.ResultsAsync(1))[0];

        result.GetProperty("status").GetString().ShouldBe("COMPLETED");
        result.GetProperty("taskId").GetString().ShouldBe(task["taskId"]!.GetValue<string>());
        result.GetProperty("workflowInstanceId").GetString().ShouldBe(task["workflowInstanceId"]!.GetValue<string>());
        result.GetProperty("workerId").GetString().ShouldBe("me");
        result.GetProperty("outputData").GetRawText().ShouldBe("""{"receiptId":"r1","amount":12.5}""");
        result.GetProperty("logs")[0].GetProperty("log").GetString().ShouldBe("charging 4711 for charge_card_ref of checkout, attempt 2");
    }

    [Theory]
    [InlineData("plain", "FAILED", "no money")]
    [InlineData("told", "FAILED", "card declined")]
    [InlineData("terminal", "FAILED_WITH_TERMINAL_ERROR", "card stolen")]
    public async Task An_exception_fails_the_task_with_its_message(string how, string status, string reason)
    {
        await using var server = await ConductorServer.StartAsync();
        server.Queue("charge_card", new { how });
        using var host = await WorkerHost.StartAsync(server, w => w.Add<JsonElement, Receipt>("charge_card", (input, _, _) =>
            throw (input.GetProperty("how").GetString() switch
        {
            "told" => new TaskFailedException("card declined"),
            "terminal" => new TaskFailedException("card stolen", terminal: true),
            _ => new InvalidOperationException("no money"),
        })));
        var result = (await server.ResultsAsync(1))[0];
        result.GetProperty("status").GetString().ShouldBe(status);
        result.GetProperty("reasonForIncompletion").GetString().ShouldBe(reason);
    }

    [Fact]
    public async Task Input_that_does_not_fit_fails_for_good_and_says_where()
    {
        await using var server = await ConductorServer.StartAsync();
        server.Queue("charge_card", new { amount = new[] { 1 } });
        using var host = await WorkerHost.StartAsync(
            server, w => w.Add("charge_card", (ChargeCard input, TaskContext _, CancellationToken _) => Task.FromResult(input)));
        var result = (await server.ResultsAsync(1))[0];
        result.GetProperty("status").GetString().ShouldBe("FAILED_WITH_TERMINAL_ERROR");
        result.GetProperty("reasonForIncompletion").GetString().ShouldNotBeNull().ShouldContain("$.amount");
    }

    [Fact]
    public async Task A_task_that_is_not_done_yet_asks_to_be_handed_out_again()
    {
        await using var server = await ConductorServer.StartAsync();
        server.Queue("charge_card");
        using var host = await WorkerHost.StartAsync(server, w => w.Add("charge_card", (JsonElement _, TaskContext context, CancellationToken _) =>
        {
            context.CallbackAfter(TimeSpan.FromSeconds(90));
            return Task.FromResult(new { step = 1 });
        }));
        var result = (await server.ResultsAsync(1))[0];
        result.GetProperty("status").GetString().ShouldBe("IN_PROGRESS");
        result.GetProperty("callbackAfterSeconds").GetInt64().ShouldBe(90);
        result.GetProperty("outputData").GetProperty("step").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task The_next_task_that_comes_with_an_answer_is_executed_at_once()
    {
        await using var server = await ConductorServer.StartAsync();
        for (var i = 0; i < 5; i++) server.Next.Enqueue(ConductorServer.Task("charge_card"));
        server.Queue("charge_card");
        using var host = await WorkerHost.StartAsync(server, Echo);
        (await server.ResultsAsync(6)).Select(r => r.GetProperty("taskId").GetString()).Distinct().Count().ShouldBe(6);
        server.Updates.ShouldAllBe(update => update.Path == "tasks/update-v2");
    }

    [Fact]
    public async Task A_server_without_update_v2_gets_plain_results()
    {
        await using var server = await ConductorServer.StartAsync(hasUpdateV2: false);
        for (var i = 0; i < 3; i++) server.Queue("charge_card");
        using var host = await WorkerHost.StartAsync(server, Echo);
        (await server.ResultsAsync(3)).Length.ShouldBe(3);
        server.Updates.ShouldAllBe(update => update.Path == "tasks");
    }

    [Fact]
    public async Task No_more_tasks_run_or_are_asked_for_than_the_limit_allows()
    {
        await using var server = await ConductorServer.StartAsync();
        for (var i = 0; i < 30; i++) server.Queue("charge_card");
        var (running, most) = (0, 0);
        var open = new SemaphoreSlim(0);
        using var host = await WorkerHost.StartAsync(server, w => w.Add("charge_card", async (JsonElement _, TaskContext _, CancellationToken stop) =>
        {
            var now = Interlocked.Increment(ref running);
            lock (open) most = Math.Max(most, now);
            await open.WaitAsync(stop);
            Interlocked.Decrement(ref running);
            return new { };
        }, concurrency: 4));
        await Eventually.IsTrueAsync(() => Volatile.Read(ref running) == 4, "four running tasks");
        open.Release(30);
        (await server.ResultsAsync(30)).Length.ShouldBe(30);
        most.ShouldBe(4);
        server.PollCounts.ShouldAllBe(count => count <= 4);
    }

    [Fact]
    public async Task The_lease_is_extended_while_the_task_runs()
    {
        await using var server = await ConductorServer.StartAsync();
        server.Queue("charge_card", responseTimeoutSeconds: 0.2);
        var open = new TaskCompletionSource();
        using var host = await WorkerHost.StartAsync(server, w => w.Add("charge_card", async (JsonElement _, TaskContext _, CancellationToken _) =>
        {
            await open.Task;
            return new { };
        }));
        await Eventually.IsTrueAsync(() => server.Updates.Count >= 2, "two extensions");
        open.SetResult();
        await server.ResultsAsync(1);
        var extension = server.Updates.First();
        extension.Path.ShouldBe("tasks");
        extension.Body.GetProperty("extendLease").GetBoolean().ShouldBeTrue();
        extension.Body.GetProperty("status").GetString().ShouldBe("IN_PROGRESS");
    }

    [Fact]
    public async Task A_result_is_repeated_until_the_server_has_it()
    {
        await using var server = await ConductorServer.StartAsync();
        server.Failures = 3;
        server.Queue("charge_card");
        using var host = await WorkerHost.StartAsync(server, Echo);
        (await server.ResultsAsync(1))[0].GetProperty("status").GetString().ShouldBe("COMPLETED");
        server.Failures.ShouldBeLessThanOrEqualTo(0);
    }

    [Fact]
    public async Task A_stop_lets_running_tasks_finish_and_gives_back_those_that_do_not()
    {
        await using var server = await ConductorServer.StartAsync();
        server.Queue("slow", new { forever = false });
        var stuck = server.Queue("slow", new { forever = true });
        var started = 0;
        using var host = await WorkerHost.StartAsync(server, w =>
        {
            w.StopTimeout = TimeSpan.FromMilliseconds(500);
            w.Add("slow", async (JsonElement input, TaskContext _, CancellationToken cancellationToken) =>
            {
                Interlocked.Increment(ref started);
                await Task.Delay(input.GetProperty("forever").GetBoolean() ? TimeSpan.FromMinutes(5) : TimeSpan.FromMilliseconds(200), cancellationToken);
                return new { done = true };
            }, concurrency: 2);
        });
        await Eventually.IsTrueAsync(() => Volatile.Read(ref started) == 2, "both tasks running");
        await host.StopAsync(Stop);

        var results = server.Results.ToDictionary(r => r.GetProperty("taskId").GetString()!);
        results.Count.ShouldBe(2);
        var given = results[stuck["taskId"]!.GetValue<string>()];
        given.GetProperty("status").GetString().ShouldBe("IN_PROGRESS");
        given.GetProperty("callbackAfterSeconds").GetInt64().ShouldBe(0);
        results.Values.ShouldContain(r => r.GetProperty("status").GetString() == "COMPLETED");
    }

    private static void Echo(ConductorWorkersBuilder workers) =>
        workers.Add("charge_card", (JsonElement input, TaskContext _, CancellationToken _) => Task.FromResult(input));
}
