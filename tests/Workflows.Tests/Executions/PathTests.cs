using Conductor.Engines;

namespace Conductor.Workflows.Tests.Executions;

/// <summary>JSONPath in the running service.</summary>
[Integration]
public sealed class PathTests(WorkflowsServer server)
{
    [Fact]
    public async Task A_filter_sees_the_workflow_and_other_tasks_and_two_names_give_a_map()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("path_types", "path_a", "path_b");
        await client.JsonAsync(HttpMethod.Post, "/api/metadata/workflow", """
            {"name":"path","version":1,"schemaVersion":2,"ownerEmail":"t@example.com","timeoutSeconds":0,"tasks":[
              {"name":"path_a","taskReferenceName":"a","type":"SIMPLE"},
              {"name":"n","taskReferenceName":"n","type":"NOOP","inputParameters":{"name":"foo"}},
              {"name":"path_b","taskReferenceName":"b","type":"SIMPLE","inputParameters":{
                "above":"${a.output.items[?(@.n > $.workflow.input.limit)].t}",
                "named":"${a.output.items[?(@.t == $.n.input.name)].n}",
                "like":"${a.output.items[?(@.t =~ /B.*/i)].n}",
                "two":"${a.output.items[0]['t','n']}"}}]}
            """);
        await client.StartAsync("path", new { limit = 1 });
        var task = await client.PollOneAsync("path_a");
        var output = new { items = new[] { new { n = 1, t = "foo" }, new { n = 2, t = "bar" } } };
        await client.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(task, "COMPLETED", output));
        (await client.PollOneAsync("path_b")).GetProperty("inputData").ToString().ShouldBe(
            """{"above":["bar"],"named":[1],"like":[2],"two":{"t":"foo","n":1}}""");
    }
}
