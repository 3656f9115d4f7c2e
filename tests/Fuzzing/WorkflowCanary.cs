using System.Net.Http.Json;
using System.Text.Json;

namespace Conductor.Fuzzing;

/// <summary>An execution that nobody else touches: whether it runs to its end shows whether the service works.</summary>
public sealed class WorkflowCanary(HttpClient client, IdPool ids)
{
    // What others have stored may nest as deeply as the service allows.
    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 4096 };

    // Its own: executions of other runs may be restarted, and their tasks are not to be taken for this one's.
    private readonly string _name = $"canary-{Guid.NewGuid():N}";

    /// <summary>Starts, works and reads it.</summary>
    /// <exception cref="InvalidOperationException">It did not run to its end.</exception>
    public async Task FlyAsync(CancellationToken cancellationToken)
    {
        await PostAsync("/api/metadata/taskdefs", $$"""[{"name":"{{_name}}","timeoutSeconds":120,"responseTimeoutSeconds":60}]""", cancellationToken);
        await PostAsync("/api/metadata/workflow?overwrite=true",
            $$$"""{"name":"{{{_name}}}","tasks":[{"name":"{{{_name}}}","taskReferenceName":"t"}],"outputParameters":{"v":"${t.output.v}"}}""",
            cancellationToken);
        var id = Guid.Parse(await PostAsync($"/api/workflow/{_name}", "{}", cancellationToken));
        ids.Reserve(id);
        var tasks = await client.GetFromJsonAsync<JsonElement>($"/api/tasks/poll/batch/{_name}?timeout=5000&workerid=canary", Deep, cancellationToken);
        if (tasks.GetArrayLength() != 1) throw new InvalidOperationException($"{tasks.GetArrayLength()} canary tasks were handed out");
        var task = Guid.Parse(tasks[0].GetProperty("taskId").GetString()!);
        ids.Reserve(task);
        await PostAsync("/api/tasks",
            $$$"""{"workflowInstanceId":"{{{id}}}","taskId":"{{{task}}}","status":"COMPLETED","outputData":{"v":"sings"}}""", cancellationToken);
        var end = await client.GetFromJsonAsync<JsonElement>($"/api/workflow/{id}?includeTasks=false", Deep, cancellationToken);
        var (status, output) = (end.GetProperty("status").GetString(), end.GetProperty("output").ToString());
        if (status != "COMPLETED" || output != """{"v":"sings"}""") throw new InvalidOperationException($"the canary is {status} with {output}");
    }

    /// <summary>Executions that run, although no task of theirs is open: nothing will ever move them.</summary>
    public async Task<IReadOnlyList<string>> StuckAsync(CancellationToken cancellationToken)
    {
        // Others may be at work: what had nothing open by chance has when it is looked at again.
        var first = await IdleAsync(cancellationToken);
        return first.Count == 0 ? first : [.. first.Intersect(await IdleAsync(cancellationToken))];
    }

    private async Task<IReadOnlyList<string>> IdleAsync(CancellationToken cancellationToken)
    {
        var stuck = new List<string>();
        foreach (var id in await InAsync("RUNNING", cancellationToken))
        {
            var tasks = await client.GetFromJsonAsync<JsonElement>($"/api/workflow/{id}/tasks?count=1&status=SCHEDULED,IN_PROGRESS", Deep, cancellationToken);
            if (tasks.GetProperty("totalHits").GetInt64() == 0) stuck.Add(id);
        }
        return stuck;
    }

    /// <summary>Terminates what runs; what still does after that.</summary>
    public async Task<IReadOnlyList<string>> TerminateAllAsync(CancellationToken cancellationToken)
    {
        for (var round = 0; round < 50 && await InAsync("RUNNING, PAUSED", cancellationToken) is { Count: > 0 } running; round++)
            await PostAsync("/api/workflow/bulk/terminate", JsonSerializer.Serialize(running), cancellationToken);
        return await InAsync("RUNNING, PAUSED", cancellationToken);
    }

    private async Task<IReadOnlyList<string>> InAsync(string statuses, CancellationToken cancellationToken)
    {
        var page = await client.GetFromJsonAsync<JsonElement>(
            "/api/workflow/search?size=1000&query=" + Uri.EscapeDataString($"status IN ({statuses})"), cancellationToken);
        return [.. page.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("workflowId").GetString()!)];
    }

    private async Task<string> PostAsync(string path, string body, CancellationToken cancellationToken)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(path, content, cancellationToken);
        var answer = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? answer : throw new InvalidOperationException($"POST {path}: {(int)response.StatusCode} {answer}");
    }
}
