using System.Text.Json;
using Conductor.Engines;
using Npgsql;

namespace Conductor.Workflows.Tests.Executions;

[Integration]
public sealed class UnreadableTests(WorkflowsServer server)
{
    [Theory]
    [InlineData("UPDATE workflows.instances SET state = '{' WHERE id = $1")]
    [InlineData("UPDATE workflows.instances SET input = '{\"a\":\\377}' WHERE id = $1")]
    public async Task A_row_that_cannot_be_read_is_shown_as_such_and_its_neighbours_as_ever(string damage)
    {
        var client = await server.ClientAsync();
        var name = "damaged_" + damage.Length;
        await client.RegisterSequenceAsync(name, name + "_a");
        var (damaged, other) = (await client.StartAsync(name, new { v = 1 }), await client.StartAsync(name, new { v = 2 }));
        await ExecuteAsync(damage, Guid.Parse(damaged));
        var found = await client.JsonAsync(HttpMethod.Get, $"/api/workflow/search?query=workflowType={name}");
        found.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("workflowId").GetString()).ShouldBe([damaged, other], ignoreOrder: true);
        (await client.JsonAsync(HttpMethod.Get, $"/api/workflow/search?freeText={name}")).GetProperty("totalHits").GetInt64().ShouldBe(2);
        (await client.ExecutionAsync(damaged)).GetProperty("reasonForIncompletion").GetString()!.ShouldContain("cannot be read");
        (await client.ExecutionAsync(other)).TryGetProperty("reasonForIncompletion", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_task_and_a_definition_that_cannot_be_read_are_shown_as_such()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("damaged_task", "damaged_task_a");
        var id = await client.StartAsync("damaged_task", new { v = 1 });
        await ExecuteAsync("UPDATE workflows.tasks SET output = '{' WHERE workflow_id = $1", Guid.Parse(id));
        (await client.ExecutionAsync(id)).GetProperty("tasks")[0].GetProperty("reasonForIncompletion").GetString()!.ShouldContain("cannot be read");
        await ExecuteAsync("INSERT INTO workflows.workflow_definitions (name, version, body) VALUES ($1, 1, '{')", "damaged_definition");
        var all = await client.JsonAsync(HttpMethod.Get, "/api/metadata/workflow");
        Named(all, "damaged_definition").GetProperty("description").GetString()!.ShouldContain("cannot be read");
        await ExecuteAsync("DELETE FROM workflows.workflow_definitions WHERE name = $1", "damaged_definition");
        Named(all, "damaged_task").GetProperty("version").GetInt32().ShouldBe(1);
    }

    private static JsonElement Named(JsonElement all, string name) => all.EnumerateArray().Single(d => d.GetProperty("name").GetString() == name);

    private async Task ExecuteAsync(string sql, object parameter)
    {
        await using var source = NpgsqlDataSource.Create(server.Database);
        await using var command = source.CreateCommand(sql);
        command.Parameters.Add(new() { Value = parameter });
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
