using System.Text.Json;
using Conductor.Contracts.Workflows;
using Conductor.Engines;
using Conductor.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RabbitMQ.Client;

[assembly: AssemblyFixture(typeof(Conductor.Workflows.Tests.Outages.DatabaseOutageTests.Own))]

namespace Conductor.Workflows.Tests.Outages;

/// <summary>The real service, on engines of its own: the others' must not suffer.</summary>
[Integration]
public sealed class DatabaseOutageTests(DatabaseOutageTests.Own own)
{
    private readonly WorkflowsServer _server = own.Server;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_database_is_away_the_API_says_so_and_results_from_the_bus_wait_and_are_not_lost()
    {
        var client = await _server.ClientAsync();
        await client.RegisterSequenceAsync("outage", "outage_a");
        var id = await client.StartAsync("outage", new { v = 1 });
        var task = await client.PollOneAsync("outage_a");
        own.Postgres.Kill();
        await SendAsync(new TaskExecuted
        {
            WorkflowId = Guid.Parse(id), TaskId = Guid.Parse(task.GetProperty("taskId").GetString()!), Outcome = TaskOutcome.Completed,
            Output = JsonElement.Parse("""{"v":"from the bus"}"""), WorkerId = "w",
        });
        // Longer than three repeats, the first of which comes after 100 ms, would take.
        for (var i = 0; i < 4; i++)
        {
            using var answer = await client.GetAsync($"/api/workflow/{id}", Stop);
            ((int)answer.StatusCode).ShouldBe(503);
            answer.Headers.RetryAfter.ShouldNotBeNull();
            await Task.Delay(TimeSpan.FromSeconds(1), Stop);
        }
        await own.Postgres.StartAsync(Stop);
        var execution = await Eventually.BecomesAsync(() => ReadAsync(client, id), e => e.ValueKind == JsonValueKind.Object
            && e.GetProperty("status").GetString() == "COMPLETED");
        execution.GetProperty("output").GetProperty("v").GetString().ShouldBe("from the bus");
        (await ErrorsAsync()).ShouldBe(0u);
    }

    [Fact]
    public async Task A_lock_or_a_connection_that_cannot_be_had_in_time_is_an_outage_to_the_client()
    {
        var client = await _server.ClientAsync();
        await client.RegisterSequenceAsync("locked", "locked_a");
        var id = await client.StartAsync("locked", new { v = 1 });
        await using var source = NpgsqlDataSource.Create(_server.Database);
        await using var connection = await source.OpenConnectionAsync(Stop);
        await using var transaction = await connection.BeginTransactionAsync(Stop);
        await using (var hold = new NpgsqlCommand("LOCK TABLE workflows.instances", connection)) await hold.ExecuteNonQueryAsync(Stop);
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.TextAsync(HttpMethod.Get, $"/api/workflow/{id}")));
        answers.Select(a => a.Status).Distinct().ShouldBe([503]);
        await transaction.RollbackAsync(Stop);
        (await client.ExecutionAsync(id)).GetProperty("status").GetString().ShouldBe("RUNNING");
    }

    [Fact]
    public async Task A_command_on_the_bus_is_answered_with_the_id_of_its_execution()
    {
        var client = await _server.ClientAsync();
        await client.RegisterSequenceAsync("asked", "asked_a");
        var bus = _server.Services.GetRequiredService<IBus>();
        var start = bus.CreateRequestClient<StartWorkflow>(new Uri("exchange:workflow-commands"));
        var id = Guid.NewGuid();
        (await start.GetResponse<WorkflowCommandAccepted>(Start(id), Stop)).Message.WorkflowId.ShouldBe(id);
        var pause = bus.CreateRequestClient<PauseWorkflow>(new Uri("exchange:workflow-commands"));
        (await pause.GetResponse<WorkflowCommandAccepted>(new PauseWorkflow { WorkflowId = id }, Stop)).Message.WorkflowId.ShouldBe(id);
    }

    private async Task SendAsync(TaskExecuted result)
    {
        var endpoint = await _server.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri("exchange:workflow-tasks"));
        await endpoint.Send(result, Stop);
    }

    private static async Task<JsonElement> ReadAsync(HttpClient client, string id)
    {
        var (status, text) = await client.TextAsync(HttpMethod.Get, $"/api/workflow/{id}");
        return status == 200 ? JsonElement.Parse(text) : default;
    }

    private async Task<uint> ErrorsAsync()
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(_server.RabbitMq) }.CreateConnectionAsync(Stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Stop);
        await channel.QueueDeclareAsync("workflow-tasks_error", durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: Stop);
        return await channel.MessageCountAsync("workflow-tasks_error", Stop);
    }

    private static StartWorkflow Start(Guid id) => new() { WorkflowId = id, Name = "asked", Input = JsonElement.Parse("{}") };

    /// <summary>
    /// Lives as long as the other server: OpenTelemetry takes meters of one name in one process for one, and forgets what it counted for both when
    /// either is disposed of.
    /// </summary>
    public sealed class Own : IAsyncDisposable
    {
        public Own() => Server = new WorkflowsServer(Postgres, ";Timeout=2;Command Timeout=2");

        public PostgresServer Postgres { get; } = new();

        public WorkflowsServer Server { get; }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
