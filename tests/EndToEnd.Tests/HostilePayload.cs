using System.Net.Http.Json;
using System.Text;

namespace Conductor.EndToEnd.Tests;

/// <summary>Requests that have stopped or slowed a service, or spoilt what it shows, before.</summary>
internal static class HostilePayload
{
    private static readonly string Deep = string.Concat(Enumerable.Repeat("{\"a\":", 899)) + "1" + new string('}', 899);

    public static IReadOnlyList<(HttpMethod Method, string Path, string? Body)> All { get; } =
    [
        (HttpMethod.Put, "/api/metadata/workflow", $"[{Definition("hostile_nest", Nest())}]"),
        (HttpMethod.Put, "/api/metadata/workflow", $"[{Definition("hostile_double", Double())}]"),
        (HttpMethod.Post, "/api/workflow/hostile_nest", Deep),
        (HttpMethod.Post, "/api/workflow/hostile_double", """{"v":"0123456789abcdef"}"""),
        (HttpMethod.Post, "/api/workflow/hostile_nest", """{"a":1e400}"""),
        (HttpMethod.Post, "/api/workflow/hostile_nest", """{"a":"\ud800"}"""),
        (HttpMethod.Get, "/api/tasks/poll/kill_nothing?workerid=%00", null),
        (HttpMethod.Get, "/api/tasks/poll/batch/order_create?workerid=%00&count=10&timeout=100", null),
        (HttpMethod.Post, "/api/workflow", $$"""{"name":"hostile_nest","correlationId":"{{new string('c', 5000)}}"}"""),
        (HttpMethod.Post, "/api/workflow", """{"name":"hostile_nest","idempotencyKey":"one","idempotencyStrategy":"RETURN_EXISTING"}"""),
        (HttpMethod.Put, "/api/metadata/taskdefs", """{"name":"kill_nothing","timeoutSeconds":9007199254740991}"""),
        (HttpMethod.Post, "/api/workflow/hostile_nest", $$"""{"x":"{{new string('x', 9_000_000)}}"}"""),
        (HttpMethod.Get, "/api/workflow/search?freeText=*&size=100", null),
    ];

    public static async Task SendAsync(HttpClient client, int number, CancellationToken cancellationToken)
    {
        var (method, path, body) = All[number];
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request, cancellationToken);
        ((int)answer.StatusCode).ShouldBeOneOf([200, 204, 400, 404, 409, 413, 503], $"{method} {path}, the payload {number}");
    }

    private static string Definition(string name, string tasks) =>
        $$"""{"name":"{{name}}","version":1,"schemaVersion":2,"ownerEmail":"h@example.com","timeoutSeconds":0,"tasks":[{{tasks}}]}""";

    // What came in is put one level deeper by each task.
    private static string Nest() => string.Join(',', Enumerable.Range(0, 5).Select(i => Variable(i, $"v{i}", i == 0 ? "workflow.input" : $"d{i - 1}.output")));

    private static string Double() => string.Join(',', Enumerable.Range(0, 25).Select(i => i == 0
        ? Variable(i, "v0", "workflow.input.v")
        : $$$"""{"name":"d","taskReferenceName":"d{{{i}}}","type":"SET_VARIABLE","inputParameters":{"v{{{i}}}":"{{{Twice(i - 1)}}}"}}"""));

    private static string Twice(int variable) => string.Concat(Enumerable.Repeat($"${{workflow.variables.v{variable}}}", 2));

    private static string Variable(int number, string name, string from) =>
        $$$"""{"name":"d","taskReferenceName":"d{{{number}}}","type":"SET_VARIABLE","inputParameters":{"{{{name}}}":"${{{{from}}}}"}}""";
}
