using System.Text.Json;
using Conductor.Engines;

namespace Conductor.Workflows.Tests.Executions;

/// <summary>Answers have every field, with the same type, that a real Conductor server's answers have.</summary>
[Integration]
public sealed class RecordedShapeTests(WorkflowsServer server)
{
    [Fact]
    public async Task Executions_tasks_and_definitions_have_the_fields_of_a_real_servers()
    {
        var recorded = Recorded();
        var client = await server.ClientAsync();
        await client.RegisterSequenceAsync("demo_wf", "demo_task", "demo_other");
        var id = await client.StartAsync("demo_wf", new { v = 7 }, "?version=1&correlationId=c-1&priority=3");
        var polled = await client.JsonAsync(HttpMethod.Get, "/api/tasks/poll/batch/demo_task?workerid=w1&count=1&timeout=5000");
        Missing(recorded["poll batch"], polled).ShouldBeEmpty();
        Missing(recorded["execution"], await client.ExecutionAsync(id)).ShouldBeEmpty();
        Missing(recorded["get latest"], await client.JsonAsync(HttpMethod.Get, "/api/metadata/workflow/demo_wf")).ShouldBeEmpty();
        Missing(recorded["get"], await client.JsonAsync(HttpMethod.Get, "/api/metadata/taskdefs/demo_task")).ShouldBeEmpty();
        Missing(recorded["tasks of an execution"], await client.JsonAsync(HttpMethod.Get, $"/api/workflow/{id}/tasks")).ShouldBeEmpty();
        Missing(recorded["correlated"], await client.JsonAsync(HttpMethod.Get, "/api/workflow/demo_wf/correlated/c-1?includeClosed=true")).ShouldBeEmpty();
    }

    private static Dictionary<string, JsonElement> Recorded()
    {
        var shared = Environment.GetEnvironmentVariable("CONDUCTOR_SHARED");
        var file = shared is null ? null : Path.Combine(shared, "data/conductor-api.jsonl");
        Assert.SkipUnless(File.Exists(file), "the recorded exchanges with a real server are not here (CONDUCTOR_SHARED)");
        return File.ReadLines(file!).Select(line => JsonElement.Parse(line))
            .GroupBy(e => e.GetProperty("what").GetString()!).ToDictionary(g => g.Key, g => g.First().GetProperty("response"));
    }

    // Paths that the recorded answer has and ours lacks or types otherwise; payloads are the user's own.
    private static IEnumerable<string> Missing(JsonElement expected, JsonElement actual, string path = "$")
    {
        if (path.EndsWith(".description", StringComparison.Ordinal) || path.EndsWith(".executionMetadata", StringComparison.Ordinal)) yield break;
        if (Kind(expected) != Kind(actual))
        {
            yield return $"{path}: {expected.ValueKind} expected, {actual.ValueKind} found";
            yield break;
        }
        if (expected.ValueKind == JsonValueKind.Array)
        {
            if (expected.GetArrayLength() > 0 && actual.GetArrayLength() > 0)
                foreach (var missing in Missing(expected[0], actual[0], path + "[0]")) yield return missing;
            yield break;
        }
        if (expected.ValueKind != JsonValueKind.Object || path.EndsWith("Data", StringComparison.Ordinal)
            || path.EndsWith("arameters", StringComparison.Ordinal) || path is "$.input" or "$.output") yield break;
        foreach (var property in expected.EnumerateObject())
        {
            if (!actual.TryGetProperty(property.Name, out var value))
            {
                if (property.Name is not ("description" or "executionMetadata")) yield return $"{path}.{property.Name} is missing";
                continue;
            }
            foreach (var missing in Missing(property.Value, value, $"{path}.{property.Name}")) yield return missing;
        }
    }

    private static JsonValueKind Kind(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? JsonValueKind.True : value.ValueKind;
}
