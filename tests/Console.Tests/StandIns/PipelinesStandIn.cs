using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Conductor.Console.Tests.StandIns;

/// <summary>REST API of the pipelines service over two pipelines in memory.</summary>
internal sealed class PipelinesStandIn
{
    public static readonly byte[] Letter = [0x4f, 0x62, 0x6a, 0x01, 0xff, 0x00, 0x0d, 0x0a];

    private readonly Dictionary<string, string> _states = new(StringComparer.Ordinal) { ["solar-system"] = "Running", ["bright-transients"] = "Stopped" };

    public long Read { get; set; } = 66_000;

    public string StateOf(string name) => _states[name];

    public void Map(WebApplication app)
    {
        app.MapGet("/api/pipelines", (string? state, string? name) =>
        {
            var items = _states.Where(pair => (state ?? pair.Value) == pair.Value && pair.Key.Contains(name ?? "", StringComparison.Ordinal))
                .Select(pair => Summary(pair.Key)).ToArray<JsonNode?>();
            return Json(new() { ["total"] = items.Length, ["items"] = new JsonArray(items) });
        });
        app.MapGet("/api/pipelines/{name}", (string name) => _states.ContainsKey(name) ? Json(Detail(name)) : Missing(name));
        app.MapPost("/api/pipelines/{name}/start", (string name) => Change(name, "Running"));
        app.MapPost("/api/pipelines/{name}/stop", (string name) => Change(name, "Draining"));
        app.MapGet("/api/pipelines/{name}/dead-letters", (string name) => Json(new()
        {
            ["total"] = name == "solar-system" ? 2 : 0,
            ["items"] = name == "solar-system"
                ? new JsonArray(
                    DeadLetter(7, "the record ends after 4,096 of 61,803 bytes"),
                    DeadLetter(8, "field candidate.ssnamenr: the string's length is negative (-18)"))
                : [],
        }));
        app.MapGet("/api/pipelines/{name}/dead-letters/{topic}/{partition}/{offset}/body", () => Results.Bytes(Letter, "application/octet-stream"));
    }

    private IResult Change(string name, string state)
    {
        if (!_states.ContainsKey(name))
            return Missing(name);
        _states[name] = state;
        return Results.Accepted();
    }

    private JsonObject Summary(string name) => new()
    {
        ["name"] = name,
        ["state"] = _states[name],
        ["epoch"] = 3,
        ["startedAt"] = "2026-11-21T10:20:00Z",
        ["updatedAt"] = "2026-11-21T10:27:56.542Z",
        ["lastError"] = null,
        ["components"] = new JsonArray(Component("filter", name == "solar-system" ? Read : 0)),
    };

    private JsonObject Detail(string name)
    {
        var detail = Summary(name);
        detail["yaml"] = $"name: {name}\ncomponents:\n  - name: filter\n    type: processing-node\n    processors:\n      - type: solar-system-filter\n";
        detail["topics"] = new JsonArray(new JsonObject { ["broker"] = "rabbitmq", ["name"] = TopicsStandIn.Alerts });
        return detail;
    }

    private static JsonObject Component(string name, long read) => new()
    {
        ["name"] = name,
        ["type"] = "processing-node",
        ["instances"] = 2,
        ["counters"] = new JsonObject
        {
            ["read"] = read,
            ["passed"] = read / 2,
            ["skipped"] = read - (read / 2) - 2,
            ["deadLettered"] = 2,
            ["written"] = read / 2,
        },
        ["perSecond"] = 812.4,
        ["lag"] = 1204,
        ["lastError"] = null,
    };

    private static JsonObject DeadLetter(long offset, string reason) => new()
    {
        ["topic"] = "solar-system.dead-letters",
        ["partition"] = 0,
        ["offset"] = offset,
        ["at"] = "2026-11-21T10:25:00Z",
        ["component"] = "filter",
        ["source"] = "alerts/ztf_2026.avro",
        ["position"] = "record 12",
        ["reason"] = reason,
        ["sizeBytes"] = 61_803,
    };

    private static IResult Json(JsonObject json) => Results.Text(json.ToJsonString(), "application/json");

    private static IResult Missing(string name) => Results.Problem($"There is no pipeline {name}.", statusCode: 404);
}
