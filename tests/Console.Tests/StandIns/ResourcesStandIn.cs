using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Conductor.Console.Tests.StandIns;

/// <summary>Resource API of the AppHost over a few resources in memory.</summary>
internal sealed class ResourcesStandIn
{
    public const string ApiKey = "key-of-the-resource-api";
    public const string Secret = "hunter2-never-shown";

    private readonly List<JsonObject> _resources =
    [
        Resource("postgres", "PostgresServer", "Running", "Healthy", "tcp://127.0.0.1:41231", parent: null),
        Resource("workflows-db", "PostgresDatabase", "Running", "Healthy", url: null, parent: "postgres"),
        Resource("rabbitmq", "RabbitMQServer", "Running", "Healthy", "amqp://127.0.0.1:41233", parent: null),
        Resource("workflows", "Project", "Running", "Healthy", "http://127.0.0.1:8080", parent: null),
        Resource("stock", "Project", "FailedToStart", "Unhealthy", url: null, parent: null),
    ];

    public List<string> Log { get; } = [.. Enumerable.Range(1, 80).Select(i => $"info: line {i} <of> the log")];

    public void Set(string name, string state) => Find(name)!["state"] = state;

    public string StateOf(string name) => Find(name)!["state"]!.GetValue<string>();

    public void Map(WebApplication app)
    {
        app.Use((context, next) =>
        {
            if (context.Request.Headers["x-resource-api-key"] == ApiKey)
                return next(context);
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        });
        app.MapGet("/api/resources", () => Results.Text(new JsonArray(_resources.Select(resource => resource.DeepClone()).ToArray()).ToJsonString(), "application/json"));
        app.MapGet("/api/resources/{name}/logs", (int tail) => Results.Json(Log.TakeLast(tail).Select((line, i) => new { at = new DateTimeOffset(2026, 11, 21, 10, 20, 0, TimeSpan.Zero).AddMilliseconds(i * 17), stream = i % 20 == 3 ? "stderr" : "stdout", line })));
        app.MapPost("/api/resources/{name}/{verb}", (string name, string verb) =>
        {
            if (Find(name) is null)
                return Results.Problem($"There is no resource {name}.", statusCode: 404);
            Set(name, verb == "stop" ? "Exited" : "Running");
            Find(name)!["pids"] = verb == "stop" ? new JsonArray() : new JsonArray(4711);
            return Results.Accepted();
        });
    }

    private JsonObject? Find(string name) => _resources.Find(resource => resource["name"]!.GetValue<string>() == name);

    private static JsonObject Resource(string name, string type, string state, string health, string? url, string? parent) => new()
    {
        ["name"] = name,
        ["type"] = type,
        ["state"] = state,
        ["health"] = health,
        ["exitCode"] = state == "FailedToStart" ? 134 : null,
        ["restarts"] = state == "FailedToStart" ? 5 : 0,
        ["pids"] = state == "Running" && parent is null ? new JsonArray(4242) : [],
        ["startedAt"] = "2026-11-21T10:20:00Z",
        ["endpoints"] = url is null ? [] : new JsonArray(new JsonObject { ["name"] = "http", ["url"] = url }),
        ["environment"] = new JsonArray(
            new JsonObject { ["name"] = "ASPNETCORE_URLS", ["value"] = "http://127.0.0.1:8080", ["isSecret"] = false },
            new JsonObject { ["name"] = "ConnectionStrings__workflows", ["value"] = Secret, ["isSecret"] = true }),
        ["waitsFor"] = name == "workflows" ? new JsonArray("rabbitmq", "workflows-db") : [],
        ["parent"] = parent,
    };
}
