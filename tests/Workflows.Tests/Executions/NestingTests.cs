using System.Text.Json;
using Conductor.Engines;

namespace Conductor.Workflows.Tests.Executions;

[Integration]
public sealed class NestingTests(WorkflowsServer server)
{
    [Fact]
    public async Task An_output_that_the_next_task_nests_too_deep_fails_that_task_and_the_execution_with_the_reason()
    {
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("nesting_types", "nesting_a", "nesting_b");
        await client.JsonAsync(HttpMethod.Post, "/api/metadata/workflow", """
            {"name":"nesting","version":1,"schemaVersion":2,"ownerEmail":"t@example.com","timeoutSeconds":0,"tasks":[
              {"name":"nesting_a","taskReferenceName":"a","type":"SIMPLE"},
              {"name":"nesting_b","taskReferenceName":"b","type":"SIMPLE","inputParameters":{"x":{"y":{"z":"${a.output.v}"}}}}]}
            """);
        var id = await client.StartAsync("nesting", new { });
        var task = await client.PollOneAsync("nesting_a");
        var deep = string.Concat(Enumerable.Repeat("[", 998)) + string.Concat(Enumerable.Repeat("]", 998));
        var (status, text) = await client.TextAsync(HttpMethod.Post, "/api/tasks", $$$"""
            {"taskId":"{{{task.GetProperty("taskId").GetString()}}}","workflowInstanceId":"{{{id}}}","status":"COMPLETED","outputData":{"v":{{{deep}}}}}
            """);
        status.ShouldBe(200, text);
        var execution = await ExecutionAsync(client, id);
        execution.GetProperty("status").GetString().ShouldBe("FAILED");
        execution.GetProperty("tasks")[1].GetProperty("status").GetString().ShouldBe("FAILED_WITH_TERMINAL_ERROR");
        execution.GetProperty("tasks")[1].GetProperty("reasonForIncompletion").GetString().ShouldBe("The value would be nested more than 1000 levels deep");
    }

    private static async Task<JsonElement> ExecutionAsync(HttpClient client, string id)
    {
        var (_, text) = await client.TextAsync(HttpMethod.Get, $"/api/workflow/{id}");
        return JsonElement.Parse(text, new JsonDocumentOptions { MaxDepth = 2000 });
    }
}
