using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Conductor.Worker.Tests.Http;

/// <summary>Hands out the tasks that a test queues, as Conductor's REST API does, and keeps what workers answer.</summary>
internal sealed class ConductorServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<JsonObject>> _queues = new();

    private ConductorServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public bool HasUpdateV2 { get; init; } = true;

    /// <summary>How many more results are answered with 503.</summary>
    public int Failures;

    public ConcurrentQueue<(string Path, JsonElement Body)> Updates { get; } = new();

    public ConcurrentQueue<int> PollCounts { get; } = new();

    /// <summary>Handed out with the answer to a result only.</summary>
    public ConcurrentQueue<JsonObject> Next { get; } = new();

    public IEnumerable<JsonElement> Results => Updates.Select(u => u.Body).Where(b => !b.TryGetProperty("extendLease", out _));

    public static async Task<ConductorServer> StartAsync(bool hasUpdateV2 = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new ConductorServer(builder.Build()) { HasUpdateV2 = hasUpdateV2 };
        var api = server._app.MapGroup("/api");
        api.MapGet("/tasks/poll/batch/{type}", server.PollAsync);
        api.MapPost("/tasks", (JsonElement body) => server.Update("tasks", body));
        api.MapPost("/tasks/update-v2", (JsonElement body) => server.Update("tasks/update-v2", body));
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public static JsonObject Task(string type, object? input = null, double responseTimeoutSeconds = 0) => new()
    {
        ["taskId"] = Guid.NewGuid().ToString(),
        ["workflowInstanceId"] = Guid.NewGuid().ToString(),
        ["taskType"] = type,
        ["referenceTaskName"] = type + "_ref",
        ["workflowType"] = "checkout",
        ["retryCount"] = 2,
        ["inputData"] = JsonSerializer.SerializeToNode(input ?? new { }),
        ["responseTimeoutSeconds"] = responseTimeoutSeconds,
        ["somethingNew"] = true,
    };

    public JsonObject Queue(string type, object? input = null, double responseTimeoutSeconds = 0)
    {
        var task = Task(type, input, responseTimeoutSeconds);
        _queues.GetOrAdd(type, _ => new()).Enqueue(task);
        return task;
    }

    public async Task<JsonElement[]> ResultsAsync(int count)
    {
        await Eventually.IsTrueAsync(() => Results.Count() >= count, $"{count} results");
        return [.. Results];
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> PollAsync(string type, int count, int timeout)
    {
        PollCounts.Enqueue(count);
        var tasks = new List<JsonObject>();
        for (var waited = 0; waited < timeout && tasks.Count == 0; waited += 10)
        {
            while (tasks.Count < count && _queues.TryGetValue(type, out var queue) && queue.TryDequeue(out var task)) tasks.Add(task);
            if (tasks.Count == 0) await System.Threading.Tasks.Task.Delay(10);
        }
        return Answer(tasks);
    }

    private IResult Update(string path, JsonElement body)
    {
        if (path == "tasks/update-v2" && !HasUpdateV2) return TypedResults.NotFound();
        if (Interlocked.Decrement(ref Failures) >= 0) return TypedResults.StatusCode(503);
        Updates.Enqueue((path, body.Clone()));
        if (path == "tasks") return TypedResults.Text(body.GetProperty("taskId").GetString());
        return Next.TryDequeue(out var next) ? Answer(next) : TypedResults.NoContent();
    }

    private static IResult Answer(object body) => TypedResults.Json(body);
}
