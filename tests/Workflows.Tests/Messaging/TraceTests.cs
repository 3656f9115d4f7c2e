using System.Collections.Concurrent;
using System.Diagnostics;
using Conductor.Contracts;
using Conductor.Contracts.Workflows;
using Conductor.Engines;
using Conductor.Testing;
using MassTransit;

namespace Conductor.Workflows.Tests.Messaging;

[Integration]
public sealed class TraceTests(WorkflowsServer server)
{
    [Fact]
    public async Task One_trace_goes_from_the_request_through_saga_database_and_broker_to_the_worker()
    {
        var client = await server.ClientAsync();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name is "Microsoft.AspNetCore" or "Npgsql" or "MassTransit" || s.Name.StartsWith("Conductor.", StringComparison.Ordinal),
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await client.RegisterSequenceAsync("traced", "traced_a");
        var executed = new TaskCompletionSource<ActivityTraceId>();
        await using var worker = await WorkerAsync("traced_a", () => executed.TrySetResult(Activity.Current!.TraceId));

        var trace = ActivityTraceId.CreateRandom();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/workflow/traced?version=1")
        {
            Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        using var started = await client.SendAsync(request, TestContext.Current.CancellationToken);
        started.EnsureSuccessStatusCode();

        (await executed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).ShouldBe(trace);
        // Spans that are around the worker's end behind it.
        string[] expected = ["Microsoft.AspNetCore", "Conductor.Sagas", "Npgsql", "Conductor.Messaging", "MassTransit"];
        await Eventually.BecomesAsync(
            () => string.Join(' ', spans.Where(s => s.TraceId == trace).Select(s => s.Source.Name).Distinct()), seen => expected.All(seen.Split(' ').Contains));
    }

    private async Task<Worker> WorkerAsync(string type, Action executed)
    {
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(new Uri(server.RabbitMq));
            rabbit.ReceiveEndpoint(WorkflowQueues.OfTask(type), queue =>
            {
                queue.ConfigureConsumeTopology = false;
                queue.Handler<ExecuteTask>(_ =>
                {
                    executed();
                    return Task.CompletedTask;
                });
            });
        });
        await bus.StartAsync(TestContext.Current.CancellationToken);
        var endpoint = await bus.GetSendEndpoint(BusAddress.Of(WorkflowQueues.TaskMessages));
        await endpoint.Send(new WorkerAnnounced { TaskType = type, WorkerId = "tracer" }, TestContext.Current.CancellationToken);
        return new Worker(bus);
    }

    private sealed class Worker(IBusControl bus) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await bus.StopAsync(CancellationToken.None);
    }
}
