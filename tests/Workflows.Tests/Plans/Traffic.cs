using System.Text.Json;

namespace Conductor.Workflows.Tests.Plans;

/// <summary>Everything that clients, workers and the console ask of the service, once.</summary>
internal sealed class Traffic(HttpClient client)
{
    private static readonly string[] Queries =
    [
        "", "status=RUNNING", "status=PAUSED", "status=FAILED", "status IN (RUNNING,FAILED)", "status IN (FAILED,TERMINATED,TIMED_OUT)",
        "workflowType=history_3", "workflowType=history_3 AND status=FAILED", "workflowType=history_3 AND status=RUNNING", "workflowType=history_*",
        "workflowType IN (history_1,history_2)", "workflowType=nothing*", "correlationId=history-77", "correlationId IN (history-77,history-78)",
        "correlationId=history-77 AND workflowType=history_3", "correlationId=history-77 AND status=FAILED", "workflowType=history_3 AND version=1",
        "startTime>1000", "startTime<4000000000000 AND status=COMPLETED", "workflowId IN (0190163d-8694-7000-8000-000000000001)",
        "workflowId=0190163d-8694-7000-8000-000000000001 AND status=FAILED",
    ];

    public async Task AllAsync()
    {
        await WorkAsync();
        await LifecycleAsync();
        await LimitsAsync();
        foreach (var query in Queries) await SearchAsync(query);
        await ReadAsync();
    }

    /// <summary>Starts, polls, results.</summary>
    private async Task WorkAsync()
    {
        await client.RegisterSequenceAsync("traffic", "traffic_a", "traffic_b");
        for (var i = 0; i < 3; i++) await client.StartAsync("traffic", new { v = i }, "?version=1&correlationId=traffic");
        var start = new { name = "traffic", input = new { v = 9 }, idempotencyKey = "traffic", idempotencyStrategy = "RETURN_EXISTING" };
        for (var i = 0; i < 2; i++) await GetAsync("/api/workflow", start);
        var first = await client.PollOneAsync("traffic_a");
        await GetAsync("/api/tasks", Calls.Result(first, "IN_PROGRESS", new { v = 1 }));
        await GetAsync("/api/tasks", Calls.Result(await client.PollOneAsync("traffic_a"), "FAILED", new { v = 1 }));
        await GetAsync("/api/tasks", Calls.Result(await client.PollOneAsync("traffic_a"), "COMPLETED", new { v = 1 }));
        await GetAsync("/api/tasks/update-v2", Calls.Result(await client.PollOneAsync("traffic_b"), "COMPLETED", new { v = 1 }));
        await GetAsync($"/api/tasks/{first.GetProperty("taskId").GetString()}/log", "a line");
        await GetAsync("/api/tasks/poll/traffic_a?workerid=w");
    }

    private async Task LifecycleAsync()
    {
        var id = await client.StartAsync("traffic", new { v = 1 });
        await PutAsync($"/api/workflow/{id}/pause");
        await PutAsync($"/api/workflow/{id}/resume");
        await client.TextAsync(HttpMethod.Delete, $"/api/workflow/{id}?reason=why");
        await GetAsync($"/api/workflow/{id}/retry", "");
        await client.TextAsync(HttpMethod.Delete, $"/api/workflow/{id}?reason=why");
        await GetAsync($"/api/workflow/{id}/restart", "");
        await GetAsync($"/api/tasks/{id}/traffic_a/COMPLETED", new { v = 1 });
        await GetAsync($"/api/tasks/{id}/traffic_b/COMPLETED/sync", new { v = 1 });
    }

    private async Task LimitsAsync()
    {
        await client.RegisterSequenceAsync("traffic_limited", "traffic_limited_a");
        await GetAsync("/api/metadata/taskdefs", new[]
        {
            new
            {
                name = "traffic_limited_a", ownerEmail = "t@example.com", concurrentExecLimit = 2, rateLimitPerFrequency = 5, rateLimitFrequencyInSeconds = 60,
                timeoutSeconds = 120, responseTimeoutSeconds = 60,
            },
        });
        await client.StartAsync("traffic_limited", new { v = 1 });
        await GetAsync("/api/tasks", Calls.Result(await client.PollOneAsync("traffic_limited_a"), "COMPLETED", new { v = 1 }));
    }

    private async Task SearchAsync(string query)
    {
        var path = "/api/workflow/search?size=20&query=" + Uri.EscapeDataString(query);
        var page = await client.JsonAsync(HttpMethod.Get, path);
        await client.JsonAsync(HttpMethod.Get, path + "&start=1000&sort=startTime:ASC");
        await client.JsonAsync(HttpMethod.Get, path + "&freeText=warehouse");
        foreach (var text in new[] { "", "&freeText=warehouse" })
            await client.JsonAsync(HttpMethod.Get, $"/api/workflow/counts?query={Uri.EscapeDataString(query)}{text}");
        if (!page.TryGetProperty("next", out var next)) return;
        var second = await client.JsonAsync(HttpMethod.Get, path + "&after=" + next.GetString());
        if (second.TryGetProperty("previous", out var previous)) await client.JsonAsync(HttpMethod.Get, path + "&before=" + previous.GetString());
    }

    private async Task ReadAsync()
    {
        var found = (await client.JsonAsync(HttpMethod.Get, "/api/workflow/search?size=1&query=status%3DCOMPLETED")).GetProperty("results")[0];
        var id = found.GetProperty("workflowId").GetString()!;
        var execution = await client.ExecutionAsync(id);
        var task = execution.GetProperty("tasks")[0].GetProperty("taskId").GetString();
        foreach (var path in new[]
        {
            $"/api/workflow/{id}?includeTasks=false", $"/api/workflow/{id}/status", $"/api/workflow/{id}/status?includeOutput=true&includeVariables=true",
            $"/api/workflow/{id}/tasks", $"/api/workflow/{id}/tasks?status=COMPLETED", "/api/workflow/running/history_3",
            "/api/workflow/history_3/correlated/history-77?includeClosed=true", "/api/workflow/history_3/correlated/history-77?includeTasks=true",
            $"/api/tasks/{task}", $"/api/tasks/{task}/log", "/api/tasks/queue/polldata?taskType=traffic_a", "/api/metadata/workflow/traffic",
            "/api/metadata/workflow/traffic?version=1", "/api/metadata/workflow/traffic/versions", "/api/metadata/taskdefs/traffic_a",
        })
            (await client.TextAsync(HttpMethod.Get, path)).Status.ShouldBeInRange(200, 204, path);
        await GetAsync("/api/workflow/history_3/correlated?includeClosed=true&includeTasks=true", new[] { "history-77", "history-78" });
    }

    private Task PutAsync(string path) => client.JsonAsync(HttpMethod.Put, path);

    private async Task GetAsync(string path, object? body = null)
    {
        var (status, text) = await client.TextAsync(body is null ? HttpMethod.Get : HttpMethod.Post, path, body);
        status.ShouldBeInRange(200, 204, $"{path}: {text}");
    }
}
