using System.Net.Http.Json;
using System.Text.Json;
using Conductor.Engines;
using Conductor.Testing;
using Microsoft.AspNetCore.Builder;

[assembly: AssemblyFixture(typeof(Conductor.Workflows.Tests.WorkflowsServer))]

namespace Conductor.Workflows.Tests;

/// <summary>The service on a port of its own, with a database of its own, for all tests of the assembly. Tests use names of their own.</summary>
public sealed class WorkflowsServer : IAsyncDisposable
{
    private readonly PostgresServer _postgres;
    private readonly string _settings;
    private readonly Func<string, string[]> _arguments;
    private readonly RabbitMqServer _rabbitMq = new();
    private readonly SemaphoreSlim _starting = new(1);
    private readonly TemporaryFolder _archive = new();
    private WebApplication? _app;
    private HttpClient? _client;

    public WorkflowsServer()
        : this(new PostgresServer())
    {
    }

    /// <param name="postgres">The engine; disposed of with the service.</param>
    /// <param name="settings">Further settings of the connection to it.</param>
    /// <param name="arguments">Further settings of the service, given its database.</param>
    internal WorkflowsServer(PostgresServer postgres, string settings = "", Func<string, string[]>? arguments = null) =>
        (_postgres, _settings, _arguments) = (postgres, settings, arguments ?? (_ => []));

    /// <summary>The database, once the service runs.</summary>
    public string Database { get; private set; } = "";

    /// <summary>The broker, once the service runs.</summary>
    public string RabbitMq => _rabbitMq.ConnectionString;

    /// <summary>The service's own parts, once it runs.</summary>
    public IServiceProvider Services => _app!.Services;

    /// <summary>A client of the service; starts it on first use, and skips the test where there is no engine.</summary>
    public async Task<HttpClient> ClientAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_client is not null) return _client;
            if (Database.Length == 0)
            {
                await Task.WhenAll(_postgres.InitializeAsync().AsTask(), _rabbitMq.InitializeAsync().AsTask());
                Database = await _postgres.CreateDatabaseAsync() + _settings;
            }
            _app = WorkflowsService.Create([.. Arguments(Database), "--urls=http://127.0.0.1:0"]);
            await _app.StartAsync();
            return _client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()), Timeout = TimeSpan.FromMinutes(1) };
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Two servers on one database, each in a process of its own.</summary>
    internal async Task<(AnotherServer First, AnotherServer Second)> TwoAsync()
    {
        var first = await AloneAsync();
        return (first, await AnotherServer.StartAsync(first.Database, Arguments(first.Database)));
    }

    /// <summary>A server on a database of its own, in a process of its own, whose figures are its own.</summary>
    internal async Task<AnotherServer> AloneAsync()
    {
        await ClientAsync();
        var database = await _postgres.CreateDatabaseAsync();
        return await AnotherServer.StartAsync(database, Arguments(database));
    }

    /// <summary>Another server on the same database, in a process of its own.</summary>
    internal async Task<AnotherServer> AnotherAsync()
    {
        await ClientAsync();
        return await AnotherServer.StartAsync(Database, Arguments(Database));
    }

    private string[] Arguments(string database) =>
    [
        $"--ConnectionStrings:workflows={database}", $"--ConnectionStrings:rabbitmq={_rabbitMq.ConnectionString}",
        // Tests say when something goes.
        "--Retention:Enabled=false", $"--Retention:Folder={_archive.Path}", "--Retention:Every=1.00:00:00",
        .. _arguments(database),
    ];

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
        await _rabbitMq.DisposeAsync();
        await _postgres.DisposeAsync();
        _archive.Dispose();
        _starting.Dispose();
    }
}

/// <summary>What the tests do over and over.</summary>
internal static class Calls
{
    public static async Task<JsonElement> JsonAsync(this HttpClient client, HttpMethod method, string path, object? body = null, int expect = 200)
    {
        var (status, text) = await client.TextAsync(method, path, body);
        status.ShouldBe(expect, $"{method} {path}: {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    public static async Task<(int Status, string Text)> TextAsync(this HttpClient client, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : body is string text
            ? new StringContent(text, System.Text.Encoding.UTF8, "application/json")
            : JsonContent.Create(body) };
        // Else the answer to a body that is too large could come while it is still being sent.
        request.Headers.ExpectContinue = body is string { Length: > 1_000_000 };
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Registers task types and a workflow of SIMPLE tasks in sequence, each with the output of the one before.</summary>
    public static async Task RegisterSequenceAsync(this HttpClient client, string name, params string[] tasks)
    {
        await client.JsonAsync(HttpMethod.Post, "/api/metadata/taskdefs", tasks.Select(
            t => new { name = t, ownerEmail = "t@example.com", retryCount = 1, retryDelaySeconds = 0, timeoutSeconds = 120, responseTimeoutSeconds = 60 }));
        await client.JsonAsync(HttpMethod.Put, "/api/metadata/workflow", new[]
        {
            new
            {
                name, version = 1, schemaVersion = 2, ownerEmail = "t@example.com", timeoutSeconds = 0, timeoutPolicy = "ALERT_ONLY",
                tasks = tasks.Select(
                    (t, i) => new { name = t, taskReferenceName = t, type = "SIMPLE",
                        inputParameters = new { v = i == 0 ? "${workflow.input.v}" : "${" + tasks[i - 1] + ".output.v}" } }),
                outputParameters = new { v = "${" + tasks[^1] + ".output.v}", given = "${workflow.input.v}" },
            },
        });
    }

    public static async Task<string> StartAsync(this HttpClient client, string name, object input, string query = "?version=1")
    {
        var (status, id) = await client.TextAsync(HttpMethod.Post, $"/api/workflow/{name}{query}", input);
        status.ShouldBe(200, id);
        return id;
    }

    public static async Task<JsonElement> PollOneAsync(this HttpClient client, string type, string worker = "w")
    {
        var tasks = await client.JsonAsync(HttpMethod.Get, $"/api/tasks/poll/batch/{type}?workerid={worker}&count=1&timeout=5000");
        tasks.GetArrayLength().ShouldBe(1, $"a task of type {type} was to be had");
        return tasks[0];
    }

    public static Task<JsonElement> ExecutionAsync(this HttpClient client, string id) => client.JsonAsync(HttpMethod.Get, $"/api/workflow/{id}");

    public static object Result(JsonElement task, string status, object output) =>
        new { taskId = task.GetProperty("taskId").GetString(), workflowInstanceId = task.GetProperty("workflowInstanceId").GetString(), workerId = "w", status,
            outputData = output };
}
