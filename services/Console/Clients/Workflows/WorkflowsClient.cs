using System.Globalization;
using System.Text.Json;
using Conductor.Console.Live;

namespace Conductor.Console.Clients.Workflows;

/// <summary>Conductor's REST API, as the workflows service serves it.</summary>
internal sealed class WorkflowsClient(HttpClient http, SharedReads shared)
{
    public const string Service = "workflows";

    /// <summary>A page of those that <paramref name="query"/> asks for, newest first.</summary>
    public Task<Fetched<SearchPage<WorkflowSummary>>> SearchAsync(string query, string freeText, PageAt page, CancellationToken ct)
    {
        var place = page.After is { } after ? $"&after={Escape(after)}" : page.Before is { } before ? $"&before={Escape(before)}" : "";
        return SharedAsync<SearchPage<WorkflowSummary>>(
            string.Create(CultureInfo.InvariantCulture,
                $"/api/workflow/search?size={page.Size}{place}&sort=startTime:DESC&freeText={Escape(freeText)}&query={Escape(query)}"),
            ct);
    }

    public Task<Fetched<StatusTotals>> CountAsync(string query, string freeText, CancellationToken ct) =>
        SharedAsync<StatusTotals>($"/api/workflow/counts?freeText={Escape(freeText)}&query={Escape(query)}", ct);

    public Task<Fetched<ExecutionView>> GetAsync(string id, CancellationToken ct) =>
        SharedAsync<ExecutionView>($"/api/workflow/{Escape(id)}?includeTasks=true", ct);

    /// <summary>As it is right now, without its tasks.</summary>
    public Task<Fetched<ExecutionView>> GetNowAsync(string id, CancellationToken ct) =>
        http.GetAsync<ExecutionView>(Service, $"/api/workflow/{Escape(id)}?includeTasks=false", ct);

    /// <summary>What the worker of an attempt wrote, the oldest line first.</summary>
    public Task<Fetched<IReadOnlyList<LogLine>>> GetLogAsync(string taskId, CancellationToken ct) =>
        http.GetAsync<IReadOnlyList<LogLine>>(Service, $"/api/tasks/{Escape(taskId)}/log", ct);

    public Task<Fetched<string>> GetJsonAsync(string id, CancellationToken ct) =>
        http.GetTextAsync(Service, $"/api/workflow/{Escape(id)}?includeTasks=true", ct);

    public Task<Fetched<IReadOnlyDictionary<string, IReadOnlyList<DefinitionVersion>>>> ListDefinitionsAsync(CancellationToken ct) =>
        SharedAsync<IReadOnlyDictionary<string, IReadOnlyList<DefinitionVersion>>>("/api/metadata/workflow/names-and-versions", ct);

    public Task<Fetched<DefinitionView>> GetDefinitionAsync(string name, int? version, CancellationToken ct) =>
        http.GetAsync<DefinitionView>(Service, DefinitionPath(name, version), ct);

    public Task<Fetched<string>> GetDefinitionJsonAsync(string name, int? version, CancellationToken ct) =>
        http.GetTextAsync(Service, DefinitionPath(name, version), ct);

    public Task<Fetched<string>> StartAsync(StartBody request, CancellationToken ct) => CommandAsync(HttpMethod.Post, "/api/workflow", request, ct);

    public Task<Fetched<string>> ActAsync(string id, WorkflowAction action, CancellationToken ct) =>
        CommandAsync(action.Method, $"/api/workflow/{Escape(id)}{action.Path}", body: null, ct);

    // Whoever has done something sees it done, however soon the page comes.
    private async Task<Fetched<string>> CommandAsync(HttpMethod method, string path, object? body, CancellationToken ct)
    {
        try
        {
            return await http.CommandAsync(Service, method, path, body, ct);
        }
        finally
        {
            shared.Forget();
        }
    }

    private Task<Fetched<T>> SharedAsync<T>(string path, CancellationToken ct) =>
        shared.GetAsync(path, asked => http.GetAsync<T>(Service, path, asked), ct);

    private static string DefinitionPath(string name, int? version) =>
        version is null
            ? $"/api/metadata/workflow/{Escape(name)}"
            : string.Create(CultureInfo.InvariantCulture, $"/api/metadata/workflow/{Escape(name)}?version={version}");

    private static string Escape(string value) => Uri.EscapeDataString(value);
}

/// <summary>Body of <c>POST /api/workflow</c>.</summary>
internal sealed record StartBody(string Name, int? Version, string? CorrelationId, int Priority, JsonElement Input)
{
    public string CreatedBy => "console";
}

/// <summary>A line of an attempt's log; its time in milliseconds of the epoch.</summary>
internal sealed record LogLine(string Log, long CreatedTime);

/// <summary>A verb on one execution.</summary>
internal sealed record WorkflowAction(HttpMethod Method, string Path)
{
    public static readonly WorkflowAction Pause = new(HttpMethod.Put, "/pause");
    public static readonly WorkflowAction Resume = new(HttpMethod.Put, "/resume");
    public static readonly WorkflowAction Retry = new(HttpMethod.Post, "/retry?resumeSubworkflowTasks=true");

    public static WorkflowAction Restart(bool useLatestDefinition) =>
        new(HttpMethod.Post, $"/restart?useLatestDefinitions={(useLatestDefinition ? "true" : "false")}");

    public static WorkflowAction Terminate(string reason) => new(HttpMethod.Delete, $"?reason={Uri.EscapeDataString(reason)}");
}
