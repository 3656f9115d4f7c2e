using System.Text;
using System.Text.Json;
using Conductor.Brokers;
using Conductor.Contracts.Workflows;
using Conductor.Domain.Streams.Brokers;
using Conductor.Engines;
using Conductor.StreamContract;
using Conductor.Testing;
using Conductor.Workflows.Tests.Retention;

namespace Conductor.Workflows.Tests.Publication;

[Integration]
public sealed class ExecutionTopicTests(KafkaServer kafka) : IClassFixture<KafkaServer>
{
    private const int Each = 12;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("rabbitmq")]
    [InlineData("kafka")]
    public async Task A_reader_of_the_topic_who_starts_from_the_beginning_has_the_list_of_executions(string broker)
    {
        var servers = broker == "kafka" ? kafka.ConnectionString : null;
        await using var server = new WorkflowsServer(new PostgresServer(), arguments: database =>
            servers is null ? [$"--ConnectionStrings:streams={database}"] : [$"--ConnectionStrings:kafka={servers}"]);
        var client = await server.ClientAsync();
        await using var other = await server.AnotherAsync();
        // Both servers work on the same executions, one task here and the next one there.
        await client.RegisterSequenceAsync("listed", "listed_a", "listed_b");
        await Task.WhenAll(Enumerable.Range(0, Each).Select(
            i => (i % 2 == 0 ? client : other.Client).StartAsync("listed", new { v = i }, $"?version=1&correlationId=c{i}")));
        for (var i = 0; i < Each; i++) await EndTaskAsync(i % 2 == 0 ? other.Client : client, "listed_a", i == 3 ? "FAILED_WITH_TERMINAL_ERROR" : "COMPLETED");
        for (var i = 0; i < 4; i++) await EndTaskAsync(i % 2 == 0 ? client : other.Client, "listed_b", "COMPLETED");
        var (paused, stopped) = (await client.StartAsync("listed", new { v = 1 }), await client.StartAsync("listed", new { v = 1 }));
        await client.JsonAsync(HttpMethod.Put, $"/api/workflow/{paused}/pause");
        (await client.TextAsync(HttpMethod.Delete, $"/api/workflow/{stopped}?reason=enough")).Status.ShouldBe(200);
        var gone = await client.EndAsync("listed_and_gone", 2);

        await RebuiltAsync(server, list => list.Executions.Any(e => e.Id.ToString() == gone[0]));
        await server.AgeAsync("listed_and_gone", 31);
        // What has not been published yet is not removed.
        await Eventually.BecomesAsync(async () =>
        {
            await server.Retention().AllAsync();
            return await server.CountAsync("SELECT count(*) FROM workflows.executions");
        }, count => count == Each + 2);
        var list = await RebuiltAsync(server, list => list.Executions.All(e => !gone.Contains(e.Id.ToString())));
        list.Executions.Select(e => e.Status).Distinct().ShouldBe(["RUNNING", "COMPLETED", "FAILED", "PAUSED", "TERMINATED"], ignoreOrder: true);
        await Eventually.BecomesAsync(
            () => server.CountAsync("SELECT count(*) FROM workflows.history WHERE workflow_id NOT IN (SELECT id FROM workflows.executions)"),
            left => left == 0);
    }

    private static async Task EndTaskAsync(HttpClient client, string type, string status)
    {
        var task = await client.PollOneAsync(type);
        (await client.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(task, status, new { v = 1 }))).Status.ShouldBe(200);
    }

    // Until it is what REST says, and what the test waits for.
    private static async Task<ExecutionList> RebuiltAsync(WorkflowsServer server, Func<ExecutionList, bool> isExpected)
    {
        var broker = server.Part<StreamBrokers>().Default;
        await Eventually.IsTrueAsync(async () => await broker.FindTopicAsync(ExecutionChanged.Topic, Stop) is not null, "there is the topic");
        var client = await server.ClientAsync();
        return await Eventually.GetAsync(async () =>
        {
            var list = await ReadAsync(broker);
            var shown = await ShownAsync(client);
            return isExpected(list) && list.Executions.SequenceEqual(shown) ? list : null;
        }, "the list is the same");
    }

    private static async Task<ExecutionList> ReadAsync(IStreamBroker broker)
    {
        var list = new ExecutionList();
        foreach (var range in await broker.RangesAsync(ExecutionChanged.Topic, Stop))
        {
            if (range.Next == range.First) continue;
            var records = await broker.RecordsAsync(ExecutionChanged.Topic, (int)(range.Next - range.First), range.Partition);
            foreach (var record in records)
            {
                list.Apply(record.Value.Span);
                Encoding.UTF8.GetString(record.Key.Span).ShouldBe(
                    JsonDocument.Parse(record.Value).RootElement.GetProperty("workflowId").GetString());
            }
        }
        return list;
    }

    private static async Task<List<ListedExecution>> ShownAsync(HttpClient client)
    {
        var found = await client.JsonAsync(HttpMethod.Get, "/api/workflow/search?size=100");
        return
        [
            .. found.GetProperty("results").EnumerateArray().Select(e => new ListedExecution(
                e.GetProperty("workflowId").GetGuid(), e.GetProperty("workflowType").GetString()!, e.GetProperty("version").GetInt32(),
                e.TryGetProperty("correlationId", out var correlation) ? correlation.GetString() : null, e.GetProperty("status").GetString()))
                .OrderBy(e => e.Id),
        ];
    }
}
