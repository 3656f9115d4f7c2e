using System.Collections.Concurrent;
using System.Text.Json;
using Conductor.Contracts.Workflows;
using Conductor.Engines;
using Conductor.ServiceDefaults.Messaging;
using MassTransit;
using MassTransit.Serialization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(RabbitMqServer))]

namespace Conductor.Worker.Tests.Bus;

/// <summary>The server's side is a consumer of the queue that workers report to.</summary>
[Integration]
public sealed class BusWorkerTests(RabbitMqServer rabbitMq)
{
    private readonly ServerSide _server = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_is_executed_and_the_result_comes_back()
    {
        using var host = await StartAsync(w => w.Add("bus_echo", (JsonElement input, TaskContext task, CancellationToken _) =>
        {
            task.Log("echoed");
            return Task.FromResult(new { Said = input.GetProperty("say").GetString(), task.Attempt });
        }));
        var command = Command("bus_echo", new { say = "hello" });
        await SendAsync(host, command);
        var result = await ResultAsync(command);
        result.Outcome.ShouldBe(TaskOutcome.Completed);
        (result.Output.GetProperty("said").GetString(), result.Output.GetProperty("attempt").GetInt32()).ShouldBe(("hello", 3));
        result.Logs.ShouldBe(["echoed"]);
        result.WorkerId.ShouldBe("me");
        result.WorkflowId.ShouldBe(command.WorkflowId);
    }

    [Fact]
    public async Task Failures_and_callbacks_are_told_as_over_HTTP()
    {
        using var host = await StartAsync(w => w.Add("bus_moods", (JsonElement input, TaskContext task, CancellationToken _) =>
        {
            if (input.GetProperty("mood").GetString() == "later") task.CallbackAfter(TimeSpan.FromSeconds(2));
            return input.GetProperty("mood").GetString() switch
            {
                "bad" => throw new InvalidOperationException("in a bad mood"),
                "worst" => throw new TaskFailedException("in the worst mood", terminal: true),
                _ => Task.FromResult(new { }),
            };
        }));
        var moods = new[] { "bad", "worst", "later" }.Select(mood => Command("bus_moods", new { mood })).ToArray();
        foreach (var command in moods) await SendAsync(host, command);
        var results = await Task.WhenAll(moods.Select(ResultAsync));
        results.Select(r => (r.Outcome, r.Reason, r.CallbackAfter)).ShouldBe(
        [
            (TaskOutcome.Failed, "in a bad mood", TimeSpan.Zero),
            (TaskOutcome.FailedWithTerminalError, "in the worst mood", TimeSpan.Zero),
            (TaskOutcome.InProgress, null, TimeSpan.FromSeconds(2)),
        ]);
    }

    [Fact]
    public async Task A_command_that_is_delivered_twice_does_not_run_twice_at_a_time()
    {
        var (runs, open) = (0, new TaskCompletionSource());
        using var host = await StartAsync(w => w.Add("bus_slow", async (JsonElement _, TaskContext _, CancellationToken _) =>
        {
            Interlocked.Increment(ref runs);
            await open.Task;
            return new { };
        }, concurrency: 3));
        var command = Command("bus_slow");
        var other = Command("bus_slow");
        foreach (var each in new[] { command, command, other }) await SendAsync(host, each);
        // The third has started, so the second has been delivered before it.
        await Eventually.IsTrueAsync(() => Volatile.Read(ref runs) == 2, "both tasks running");
        open.SetResult();
        await ResultAsync(command);
        await ResultAsync(other);
        runs.ShouldBe(2);
    }

    [Fact]
    public async Task The_worker_announces_itself_and_keeps_the_lease()
    {
        var open = new TaskCompletionSource();
        using var host = await StartAsync(w => w.Add("bus_lease", async (JsonElement _, TaskContext _, CancellationToken _) =>
        {
            await open.Task;
            return new { };
        }, concurrency: 2, domain: "night"));
        await Eventually.IsTrueAsync(() => _server.Announced.Any(a => a.TaskType == "bus_lease"), "the announcement");
        _server.Announced.First(a => a.TaskType == "bus_lease")
            .ShouldBe(new WorkerAnnounced { TaskType = "bus_lease", Domain = "night", WorkerId = "me", Concurrency = 2 });
        var command = Command("bus_lease") with { ResponseTimeout = TimeSpan.FromMilliseconds(200) };
        await SendAsync(host, command, "task.night.bus_lease");
        await Eventually.IsTrueAsync(() => _server.Extended.Count(e => e.TaskId == command.TaskId) >= 2, "two extensions");
        open.SetResult();
        (await ResultAsync(command)).Outcome.ShouldBe(TaskOutcome.Completed);
    }

    [Fact]
    public async Task The_lease_counts_from_the_start_of_the_work_and_a_failed_extension_is_repeated()
    {
        var open = new TaskCompletionSource();
        using var host = await StartAsync(w => w.Add("bus_begin", async (JsonElement _, TaskContext _, CancellationToken _) =>
        {
            await open.Task;
            return new { };
        }));
        var command = Command("bus_begin") with { ResponseTimeout = TimeSpan.FromHours(1) };
        await SendAsync(host, command);
        await Eventually.IsTrueAsync(() => _server.Extended.Any(e => e.TaskId == command.TaskId), "the extension at the start");
        open.SetResult();
        await ResultAsync(command);
    }

    [Fact]
    public async Task An_attempt_that_ends_at_once_breaks_no_message_off()
    {
        using var host = await StartAsync(w => w.Add("bus_quick", (JsonElement input, TaskContext _, CancellationToken _) => Task.FromResult(input)));
        var sends = new Sends();
        host.Services.GetRequiredService<IBus>().ConnectSendObserver(sends);
        var commands = Enumerable.Range(0, 20).Select(_ => Command("bus_quick") with { ResponseTimeout = TimeSpan.FromHours(1) }).ToList();
        foreach (var command in commands) await SendAsync(host, command);
        foreach (var command in commands) await ResultAsync(command);
        await Eventually.IsTrueAsync(() => commands.All(c => _server.Extended.Any(e => e.TaskId == c.TaskId)), "the extensions");
        sends.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_attempt_that_is_over_when_its_command_comes_is_not_executed()
    {
        var runs = new ConcurrentQueue<Guid>();
        using var host = await StartAsync(w => w.Add("bus_over", (JsonElement _, TaskContext task, CancellationToken _) =>
        {
            runs.Enqueue(Guid.Parse(task.TaskId));
            return Task.FromResult(new { });
        }));
        var (over, next) = (Command("bus_over"), Command("bus_over"));
        var endpoint = await host.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri("exchange:task.bus_over"));
        // Expired by its envelope, as one is that has waited in the worker's own memory; the broker would drop it by its own header.
        await endpoint.Send(over, Pipe.Execute<SendContext<ExecuteTask>>(context =>
        {
            context.TimeToLive = TimeSpan.FromMilliseconds(1);
            var late = context.Serializer.GetMessageBody(context).GetBytes();
            context.TimeToLive = null;
            context.Serializer = new CopyBodySerializer(context.ContentType!, new BytesMessageBody(late));
        }), Stop);
        await SendAsync(host, next);
        await ResultAsync(next);
        runs.ShouldBe([next.TaskId]);
    }

    [Fact]
    public async Task A_stop_gives_back_what_does_not_finish()
    {
        var started = 0;
        using var host = await StartAsync(w =>
        {
            w.StopTimeout = TimeSpan.FromMilliseconds(300);
            w.Add("bus_stuck", async (JsonElement _, TaskContext _, CancellationToken cancellationToken) =>
            {
                Interlocked.Increment(ref started);
                await Task.Delay(TimeSpan.FromMinutes(5), cancellationToken);
                return new { };
            });
        });
        var command = Command("bus_stuck");
        await SendAsync(host, command);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref started) == 1, "the task running");
        using var server = await StartAsync(w => w.Add("bus_other", (JsonElement input, TaskContext _, CancellationToken _) => Task.FromResult(input)));
        await host.StopAsync(Stop);
        var result = await ResultAsync(command);
        (result.Outcome, result.CallbackAfter).ShouldBe((TaskOutcome.InProgress, TimeSpan.Zero));
    }

    private async Task<IHost> StartAsync(Action<ConductorWorkersBuilder> workers)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:rabbitmq"] = rabbitMq.ConnectionString });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_server);
        builder.Services.AddConductorWorkers(w =>
        {
            w.WorkerId = "me";
            workers(w.UseBus());
        });
        builder.AddBus(x => x.AddConsumer<ServerConsumer>().Endpoint(e => e.Name = "workflow-tasks"));
        var host = builder.Build();
        await host.StartAsync(Stop);
        return host;
    }

    private static ExecuteTask Command(string type, object? input = null) => new()
    {
        WorkflowId = Guid.NewGuid(),
        TaskId = Guid.NewGuid(),
        TaskType = type,
        ReferenceName = type,
        WorkflowName = "checkout",
        Attempt = 3,
        Input = JsonSerializer.SerializeToElement(input ?? new { }),
    };

    private static async Task SendAsync(IHost host, ExecuteTask command, string? queue = null)
    {
        var endpoint = await host.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"exchange:{queue ?? "task." + command.TaskType}"));
        await endpoint.Send(command, Stop);
    }

    private async Task<TaskExecuted> ResultAsync(ExecuteTask command)
    {
        await Eventually.IsTrueAsync(() => _server.Executed.Any(r => r.TaskId == command.TaskId), "the result of " + command.TaskType);
        return _server.Executed.First(r => r.TaskId == command.TaskId);
    }
}

internal sealed class Sends : ISendObserver
{
    public ConcurrentQueue<Exception> Faults { get; } = new();

    public Task PreSend<T>(SendContext<T> context) where T : class => Task.CompletedTask;

    public Task PostSend<T>(SendContext<T> context) where T : class => Task.CompletedTask;

    public Task SendFault<T>(SendContext<T> context, Exception exception) where T : class
    {
        Faults.Enqueue(exception);
        return Task.CompletedTask;
    }
}

public sealed class ServerSide
{
    public ConcurrentQueue<TaskExecuted> Executed { get; } = new();
    public ConcurrentQueue<ExtendTaskLease> Extended { get; } = new();
    public ConcurrentQueue<WorkerAnnounced> Announced { get; } = new();
}

public sealed class ServerConsumer(ServerSide server) : IConsumer<TaskExecuted>, IConsumer<ExtendTaskLease>, IConsumer<WorkerAnnounced>
{
    public Task Consume(ConsumeContext<TaskExecuted> context)
    {
        server.Executed.Enqueue(context.Message with { Output = context.Message.Output.Clone() });
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<ExtendTaskLease> context)
    {
        server.Extended.Enqueue(context.Message);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<WorkerAnnounced> context)
    {
        server.Announced.Enqueue(context.Message);
        return Task.CompletedTask;
    }
}
