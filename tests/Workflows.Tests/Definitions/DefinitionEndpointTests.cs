using Conductor.Engines;

namespace Conductor.Workflows.Tests.Definitions;

[Integration]
public sealed class DefinitionEndpointTests(WorkflowsServer server)
{
    [Fact]
    public async Task A_name_and_version_that_exist_are_refused_unless_they_are_to_be_overwritten()
    {
        var client = await server.ClientAsync();
        var definition = new { name = "def_twice", version = 1, schemaVersion = 2, ownerEmail = "t@example.com", timeoutSeconds = 0,
            tasks = new[] { new { name = "x", taskReferenceName = "x", type = "SIMPLE" } } };
        await client.JsonAsync(HttpMethod.Post, "/api/metadata/workflow", definition);
        (await client.JsonAsync(HttpMethod.Post, "/api/metadata/workflow", definition, 409)).GetProperty("message").GetString().ShouldBe(
            "Workflow with def_twice.1 already exists!");
        await client.JsonAsync(HttpMethod.Post, "/api/metadata/workflow?overwrite=true", definition);
    }

    [Fact]
    public async Task A_definition_with_mistakes_is_refused_whole_with_each_mistakes_place()
    {
        var client = await server.ClientAsync();
        var good = new { name = "def_good", version = 1, schemaVersion = 2, ownerEmail = "t@example.com", timeoutSeconds = 0,
            tasks = new[] { new { name = "x", taskReferenceName = "x", type = "SIMPLE" } } };
        var bad = good with { name = "def_bad", tasks = [.. good.tasks, .. good.tasks] };
        var error = await client.JsonAsync(HttpMethod.Put, "/api/metadata/workflow", new[] { good, bad }, 400);
        error.GetProperty("validationErrors")[0].GetProperty("path").GetString().ShouldBe("updateWorkflowDef.arg0[1]");
        error.GetProperty("validationErrors")[0].GetProperty("message").GetString().ShouldBe(
            "taskReferenceName: x should be unique across tasks for a given workflowDefinition: def_bad");
        await client.JsonAsync(HttpMethod.Get, "/api/metadata/workflow/def_good", expect: 404);
    }

    [Theory]
    [InlineData("{\"name\":")]
    [InlineData("[1, 2]")]
    public async Task A_malformed_body_is_the_callers_mistake(string body)
    {
        var client = await server.ClientAsync();
        var error = await client.JsonAsync(HttpMethod.Post, "/api/workflow", body, 400);
        error.GetProperty("message").GetString().ShouldNotBeNull().ShouldStartWith("JSON parse error");
    }

    [Fact]
    public async Task A_new_task_definition_counts_for_the_next_start_and_not_for_executions_that_run()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("def_snapshot", "def_snapshot_a");
        var before = await client.StartAsync("def_snapshot", new { v = 1 });
        await client.JsonAsync(HttpMethod.Put, "/api/metadata/taskdefs", new
        {
            name = "def_snapshot_a", ownerEmail = "t@example.com", timeoutSeconds = 300, responseTimeoutSeconds = 30,
        });
        var after = await client.StartAsync("def_snapshot", new { v = 1 });
        async Task<int> TimeoutAsync(string id) => (await client.ExecutionAsync(id)).GetProperty("tasks")[0].GetProperty("responseTimeoutSeconds").GetInt32();
        (await TimeoutAsync(before)).ShouldBe(60);
        (await TimeoutAsync(after)).ShouldBe(30);
    }

    [Fact]
    public async Task An_unknown_path_and_an_unknown_definition_are_told_in_Conductors_shape()
    {
        var client = await server.ClientAsync();
        (await client.JsonAsync(HttpMethod.Get, "/api/nonsense", expect: 404)).GetProperty("message").GetString().ShouldBe("No static resource api/nonsense.");
        (await client.JsonAsync(HttpMethod.Post, "/api/workflow", new { name = "nobody" }, 404)).GetProperty("message").GetString().ShouldBe(
            "No such workflow defined. name=nobody, version=null");
    }
}
