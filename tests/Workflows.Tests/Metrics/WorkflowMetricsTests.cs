using System.Globalization;
using Conductor.Engines;
using Conductor.Testing;

namespace Conductor.Workflows.Tests.Metrics;

[Integration]
public sealed class WorkflowMetricsTests(WorkflowsServer server)
{
    private const string Workflow = "metered";

    // What must go wrong first, and what needs a message on the bus.
    private static readonly string[] Unused =
    [
        "conductor_sagas_retries_total", "conductor_outbox_delivered_total", "conductor_outbox_failed_total", "conductor_outbox_put_off_total",
        "conductor_outbox_poisoned_total", "conductor_inbox_duplicates_total",
    ];

    [Fact]
    public async Task What_has_happened_is_counted_by_definition_and_by_type_and_what_is_open_is_gauged()
    {
        // The services of other tests in this process would be measured with it.
        await using var alone = await server.AloneAsync();
        var client = alone.Client;
        await client.RegisterSequenceAsync(Workflow, "metered_a", "metered_b");
        var done = await client.StartAsync(Workflow, new { v = 1 });
        await client.StartAsync(Workflow, new { v = 2 });
        foreach (var type in new[] { "metered_a", "metered_b" })
        {
            var task = await client.PollOneAsync(type);
            await client.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(task, "COMPLETED", new { v = 3 }));
        }
        (await client.ExecutionAsync(done)).GetProperty("status").GetString().ShouldBe("COMPLETED");

        var metrics = await ScrapeAsync(client, "conductor_workflows_queue_last_poll_seconds", "task_type=\"metered_a\"");
        Value(metrics, "conductor_workflows_executions_started_total", $"workflow=\"{Workflow}\"").ShouldBe(2);
        Value(metrics, "conductor_workflows_executions_ended_total", $"workflow=\"{Workflow}\"", "status=\"COMPLETED\"").ShouldBe(1);
        Value(metrics, "conductor_workflows_executions_open", $"workflow=\"{Workflow}\"", "status=\"RUNNING\"").ShouldBe(1);
        Value(metrics, "conductor_workflows_tasks_duration_seconds_count", "task_type=\"metered_a\"", "status=\"COMPLETED\"").ShouldBe(1);
        Value(metrics, "conductor_workflows_tasks_wait_seconds_count", "task_type=\"metered_b\"").ShouldBe(1);
        Value(metrics, "conductor_workflows_queue_depth", "task_type=\"metered_a\"").ShouldBe(1);
        Value(metrics, "conductor_workflows_queue_oldest_seconds", "task_type=\"metered_a\"").ShouldBeInRange(0.001, 60);
        Value(metrics, "conductor_workflows_queue_last_poll_seconds", "task_type=\"metered_a\"").ShouldBeInRange(0.001, 60);
        Value(metrics, "conductor_workflows_timers_overdue", "kind=\"timer\"").ShouldBeGreaterThanOrEqualTo(0);
        Value(metrics, "conductor_workflows_timers_waiting", "kind=\"deadline\"").ShouldBeGreaterThanOrEqualTo(0);
        Value(metrics, "conductor_outbox_pending", "schema=\"workflows\"").ShouldBeGreaterThanOrEqualTo(0);
        Value(metrics, "conductor_inbox_remembered", "schema=\"workflows\"").ShouldBeGreaterThanOrEqualTo(0);
        Value(metrics, "conductor_sagas_messages_total", "saga=\"WorkflowState\"").ShouldBeGreaterThanOrEqualTo(4);
        MetricTable.Of("Workflows", "Outgoing and consumed messages").ShouldDescribe(Ours(metrics), Unused);
    }

    // Gauges are read from the database once somebody has asked, and polls are written every few seconds.
    private static Task<string> ScrapeAsync(HttpClient client, string until, string label) => Eventually.BecomesAsync(
        () => client.GetStringAsync("/metrics", TestContext.Current.CancellationToken), text => Find(text, until, [label]) is not null);

    private static Scrape Ours(string metrics)
    {
        var scrape = Scrape.Parse(metrics);
        foreach (var other in scrape.Metrics.Keys.Where(name => !name.StartsWith("conductor_", StringComparison.Ordinal)).ToList())
            scrape.Metrics.Remove(other);
        return scrape;
    }

    private static double Value(string metrics, string name, params string[] labels)
    {
        var ours = string.Join('\n', metrics.Split('\n').Where(l => l.StartsWith("conductor", StringComparison.Ordinal)));
        var line = Find(metrics, name, labels).ShouldNotBeNull($"{name} with {string.Join(", ", labels)} in:\n{ours}");
        return double.Parse(line.Split('}')[^1].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private static string? Find(string metrics, string name, string[] labels) =>
        metrics.Split('\n').SingleOrDefault(l => l.StartsWith(name + "{", StringComparison.Ordinal) && labels.All(l.Contains));
}
