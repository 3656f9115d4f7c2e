using Conductor.Engines;

namespace Conductor.Workflows.Tests.Executions;

[Integration]
public sealed class IdempotencyTests(WorkflowsServer server)
{
    [Fact]
    public async Task Starts_with_one_key_are_one_execution_however_many_come_at_a_time()
    {
        var client = await RegisteredAsync("keyed");
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => StartAsync(client, "keyed", "k", "RETURN_EXISTING")));
        answers.ShouldAllBe(a => a.Status == 200);
        var id = answers.Select(a => a.Text).Distinct().ShouldHaveSingleItem();
        var found = await client.JsonAsync(HttpMethod.Get, "/api/workflow/search?query=workflowType=keyed");
        found.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("workflowId").GetString()).ShouldBe([id]);
        (await StartAsync(client, "keyed", "other", null)).Text.ShouldNotBe(id);
    }

    [Fact]
    public async Task Of_starts_that_a_used_key_fails_one_succeeds_and_the_others_are_conflicts()
    {
        var client = await RegisteredAsync("keyed_fail");
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => StartAsync(client, "keyed_fail", "k", "FAIL")));
        answers.Count(a => a.Status == 200).ShouldBe(1);
        answers.Count(a => a.Status == 409).ShouldBe(49);
        await client.TextAsync(HttpMethod.Delete, $"/api/workflow/{answers.First(a => a.Status == 200).Text}");
        (await StartAsync(client, "keyed_fail", "k", "FAIL")).Status.ShouldBe(409);
    }

    [Fact]
    public async Task A_key_whose_execution_has_ended_is_free_where_only_a_running_one_fails()
    {
        var client = await RegisteredAsync("keyed_running");
        var first = await StartAsync(client, "keyed_running", "k", "FAIL_ON_RUNNING");
        (await StartAsync(client, "keyed_running", "k", "FAIL_ON_RUNNING")).Status.ShouldBe(409);
        await client.TextAsync(HttpMethod.Delete, $"/api/workflow/{first.Text}");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => StartAsync(client, "keyed_running", "k", "FAIL_ON_RUNNING")));
        answers.Where(a => a.Status == 200).ShouldHaveSingleItem().Text.ShouldNotBe(first.Text);
        answers.Count(a => a.Status == 409).ShouldBe(19);
    }

    [Fact]
    public async Task A_start_that_is_refused_leaves_its_key_free()
    {
        var client = await server.ClientAsync();
        (await StartAsync(client, "keyed_later", "k", "FAIL")).Status.ShouldBe(404);
        await RegisteredAsync("keyed_later");
        (await StartAsync(client, "keyed_later", "k", "FAIL")).Status.ShouldBe(200);
        (await StartAsync(client, "keyed_later", "k2", "SOMETIMES")).Status.ShouldBe(400);
    }

    private async Task<HttpClient> RegisteredAsync(string name)
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync(name, name + "_a");
        return client;
    }

    private static Task<(int Status, string Text)> StartAsync(HttpClient client, string name, string key, string? strategy) =>
        client.TextAsync(HttpMethod.Post, "/api/workflow", new { name, idempotencyKey = key, idempotencyStrategy = strategy });
}
