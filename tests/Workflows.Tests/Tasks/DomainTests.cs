using System.Text.Json;
using Conductor.Engines;
using Conductor.Testing;

namespace Conductor.Workflows.Tests.Tasks;

[Integration]
public sealed class DomainTests(WorkflowsServer server)
{
    [Fact]
    public async Task A_task_goes_to_the_first_of_its_domains_that_workers_poll()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("domains", "domains_a");
        (await DomainAsync(client)).ShouldBeNull();
        await client.JsonAsync(HttpMethod.Get, "/api/tasks/poll/batch/domains_a?domain=alive&timeout=0");
        (await DomainAsync(client)).ShouldBe("alive");
    }

    [Fact]
    public async Task A_failure_workflow_has_the_correlation_id_and_the_worker_domains_of_the_one_that_failed()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("on_failure", "on_failure_a");
        await client.RegisterSequenceAsync("fails", "fails_a");
        var definition = (await client.JsonAsync(HttpMethod.Get, "/api/metadata/workflow/fails?version=1")).Deserialize<Dictionary<string, object>>()!;
        definition["failureWorkflow"] = "on_failure";
        await client.JsonAsync(HttpMethod.Put, "/api/metadata/workflow", new[] { definition });
        var (_, id) = await client.TextAsync(HttpMethod.Post, "/api/workflow", new
        {
            name = "fails", correlationId = "order 7", taskToDomain = new { on_failure_a = "night" },
        });
        var task = await client.PollOneAsync("fails_a");
        await client.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(task, "FAILED_WITH_TERMINAL_ERROR", new { }));
        var failed = await client.ExecutionAsync(id);
        var other = failed.GetProperty("output").GetProperty("conductor.failure_workflow").GetString()!;
        await Eventually.BecomesAsync(() => client.TextAsync(HttpMethod.Get, $"/api/workflow/{other}"), answer => answer.Status == 200);
        var started = await client.ExecutionAsync(other);
        started.GetProperty("correlationId").GetString().ShouldBe("order 7");
        started.GetProperty("tasks")[0].GetProperty("domain").GetString().ShouldBe("night");
    }

    private static async Task<string?> DomainAsync(HttpClient client)
    {
        var (_, id) = await client.TextAsync(
            HttpMethod.Post, "/api/workflow", new { name = "domains", taskToDomain = new { domains_a = "dead,alive,NO_DOMAIN" } });
        var task = (await client.ExecutionAsync(id)).GetProperty("tasks")[0];
        return task.TryGetProperty("domain", out var domain) ? domain.GetString() : null;
    }
}
