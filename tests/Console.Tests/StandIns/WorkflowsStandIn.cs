using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Conductor.Console.Tests.StandIns;

/// <summary>Conductor's REST API over executions in memory.</summary>
internal sealed partial class WorkflowsStandIn
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, JsonObject> _executions = new(StringComparer.Ordinal);

    public const string Running = "11111111-0000-4000-8000-000000000001";
    public const string Failed = "22222222-0000-4000-8000-000000000002";
    public const string Completed = "33333333-0000-4000-8000-000000000003";

    /// <summary>More are not counted.</summary>
    public int MostCounted { get; set; } = 10_000;

    public WorkflowsStandIn()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        Add(OrderExecution.Json(Running, "RUNNING", now - 30_000, "A-1"));
        Add(OrderExecution.Json(Failed, "FAILED", now - 90_000, "A-2", "stock service timed out after 15 s; 2 attempts"));
        Add(OrderExecution.Json(Completed, "COMPLETED", now - 120_000, "A-3"));
        for (var i = 0; i < 60; i++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"44444444-0000-4000-8000-{i:000000000000}");
            Add(OrderExecution.Json(id, i % 12 == 0 ? "TERMINATED" : "COMPLETED", now - 3_600_000 - (i * 60_000), $"B-{i}"));
        }
    }

    public void Add(JsonObject execution)
    {
        lock (_gate)
            _executions[Text(execution, "workflowId")] = execution;
    }

    public string StatusOf(string id)
    {
        lock (_gate)
            return Text(_executions[id], "status");
    }

    public void Set(string id, string status, string? reason = null)
    {
        lock (_gate)
        {
            _executions[id]["status"] = status;
            _executions[id]["reasonForIncompletion"] = reason;
        }
    }

    public void Map(WebApplication app)
    {
        app.MapGet("/api/workflow/search", (string? query, string? freeText, int size, string? after, string? before) =>
            Json(Search(Found(query, freeText), size, after, before)));
        app.MapGet("/api/workflow/counts", (string? query, string? freeText) => Json(Counts(Found(query, freeText))));
        app.MapGet("/api/workflow/{id}", (string id) => With(id, execution => Json(execution.DeepClone())));
        app.MapGet("/api/tasks/{id}/log", (string id) => Json(new JsonArray(
            new JsonObject { ["log"] = "asks the warehouse <b>7</b>", ["taskId"] = id, ["createdTime"] = 1795256871693 })));
        app.MapPut("/api/workflow/{id}/pause", (string id) => Change(id, "PAUSED", ["RUNNING"], 200));
        app.MapPut("/api/workflow/{id}/resume", (string id) => Change(id, "RUNNING", ["PAUSED"], 200));
        app.MapPost("/api/workflow/{id}/retry", (string id) => Change(id, "RUNNING", ["FAILED", "TERMINATED", "TIMED_OUT"], 204));
        app.MapPost("/api/workflow/{id}/restart", (string id) => Change(id, "RUNNING", ["FAILED", "TERMINATED", "COMPLETED"], 204));
        app.MapDelete("/api/workflow/{id}", (string id, string? reason) => Change(id, "TERMINATED", ["RUNNING", "PAUSED"], 200, reason));
        app.MapPost("/api/workflow", (JsonObject request) => Start(request));
        app.MapGet("/api/metadata/workflow/names-and-versions", () => Json(new JsonObject
        {
            [OrderDefinition.Name] = new JsonArray(Version(1), Version(2)),
        }));
        app.MapGet("/api/metadata/workflow/{name}", (string name, int? version) => name == OrderDefinition.Name
            ? Json(OrderDefinition.Json(version ?? 2))
            : Error(404, $"No such workflow found by name: {name}, version: null"));
    }

    private static JsonObject Version(int version) =>
        new() { ["name"] = OrderDefinition.Name, ["version"] = version, ["createTime"] = 0, ["updateTime"] = 1795256871693 };

    private IResult Start(JsonObject request)
    {
        if (Text(request, "name") != OrderDefinition.Name)
            return Error(404, $"No such workflow defined. name={request["name"]}, version=null");
        var id = Guid.NewGuid().ToString();
        Add(OrderExecution.Json(id, "RUNNING", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), request["correlationId"]?.GetValue<string>() ?? ""));
        return Results.Text(id);
    }

    private IResult With(string id, Func<JsonObject, IResult> answer)
    {
        lock (_gate)
            return _executions.TryGetValue(id, out var execution) ? answer(execution) : Error(404, $"No such workflow found by id: {id}");
    }

    private IResult Change(string id, string to, string[] from, int answer, string? reason = null) => With(id, execution =>
    {
        var status = Text(execution, "status");
        if (!from.Contains(status, StringComparer.Ordinal))
            return Error(409, $"Workflow {OrderDefinition.Name}.2/{id} is {status}, status cannot be updated.");
        execution["status"] = to;
        execution["reasonForIncompletion"] = reason;
        return Results.StatusCode(answer);
    });

    private List<JsonObject> Found(string? query, string? freeText)
    {
        lock (_gate)
        {
            return _executions.Values.Where(execution => Terms().Matches(query ?? "").All(term => Fits(execution, term))
                && (freeText is null or "*" || execution.ToJsonString().Contains(freeText, StringComparison.OrdinalIgnoreCase)))
                .OrderByDescending(execution => execution["startTime"]!.GetValue<long>()).ToList();
        }
    }

    // A place is the id of the execution there.
    private JsonObject Search(List<JsonObject> hits, int size, string? after, string? before)
    {
        var start = after is not null ? Index(hits, after) + 1 : before is not null ? Math.Max(0, Index(hits, before) - size) : 0;
        var page = hits.Skip(start).Take(before is null ? size : Math.Min(size, Index(hits, before))).ToList();
        return new()
        {
            ["totalHits"] = Math.Min(hits.Count, MostCounted),
            ["totalIsCapped"] = hits.Count > MostCounted,
            ["next"] = page.Count > 0 && start + page.Count < hits.Count ? Text(page[^1], "workflowId") : null,
            ["previous"] = page.Count > 0 && start > 0 ? Text(page[0], "workflowId") : null,
            ["results"] = new JsonArray(page.Select(Summary).ToArray<JsonNode?>()),
        };
    }

    private JsonObject Counts(List<JsonObject> hits) => new()
    {
        ["counts"] = new JsonObject(hits.CountBy(hit => Text(hit, "status"))
            .Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, Math.Min(pair.Value, MostCounted)))),
        ["capped"] = new JsonArray(hits.CountBy(hit => Text(hit, "status")).Where(pair => pair.Value > MostCounted)
            .Select(pair => (JsonNode?)pair.Key).ToArray()),
    };

    private static int Index(List<JsonObject> hits, string id) => hits.FindIndex(hit => Text(hit, "workflowId") == id);

    private static bool Fits(JsonObject execution, Match term)
    {
        var value = term.Groups["value"].Value.Trim('"', '\'');
        return (term.Groups["field"].Value, term.Groups["sign"].Value) switch
        {
            ("workflowType", _) => Text(execution, "workflowName") == value,
            ("startTime", ">") => execution["startTime"]!.GetValue<long>() > long.Parse(value, CultureInfo.InvariantCulture),
            ("startTime", "<") => execution["startTime"]!.GetValue<long>() < long.Parse(value, CultureInfo.InvariantCulture),
            var (field, _) => Text(execution, field) == value,
        };
    }

    private static JsonObject Summary(JsonObject execution) => new()
    {
        ["workflowType"] = Text(execution, "workflowName"),
        ["version"] = 2,
        ["workflowId"] = Text(execution, "workflowId"),
        ["correlationId"] = Text(execution, "correlationId"),
        ["startTime"] = Iso(execution["startTime"]!.GetValue<long>()),
        ["updateTime"] = Iso(execution["updateTime"]!.GetValue<long>()),
        ["endTime"] = execution["endTime"]!.GetValue<long>() is > 0 and var end ? Iso(end) : null,
        ["status"] = Text(execution, "status"),
        ["reasonForIncompletion"] = execution["reasonForIncompletion"]?.DeepClone(),
        ["input"] = "{orderId=A}",
        ["output"] = "{}",
        ["executionTime"] = 42_000,
        ["failedReferenceTaskNames"] = "",
        ["priority"] = 3,
        ["failedTaskNames"] = new JsonArray(),
        ["parentWorkflowId"] = "",
    };

    private static string Iso(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static string Text(JsonObject json, string name) => json[name]?.GetValue<string>() ?? "";

    private static IResult Json(JsonNode json) => Results.Text(json.ToJsonString(), "application/json");

    private static IResult Error(int status, string message) =>
        Results.Json(new { status, message, instance = "vm", retryable = false }, statusCode: status);

    [GeneratedRegex("(?<field>[a-zA-Z]+)(?<sign>[=<>])(?<value>\"[^\"]*\"|'[^']*'|[^ ]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Terms();
}
