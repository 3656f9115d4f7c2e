using System.Collections.Concurrent;
using System.Net.Http.Json;
using Npgsql;

namespace Conductor.EndToEnd.Tests;

/// <summary>
/// Executions of a checkout that start at a steady rate over REST, and that the demo's workers carry out over HTTP (orders, shipping) and on
/// the bus (stock, payments). A start that is not answered is repeated with its idempotency key, for as long as it takes.
/// </summary>
internal sealed class CheckoutLoad(Platform platform) : IDisposable
{
    private const string Name = "kill_checkout";
    private const int PerSecond = 10;
    private static readonly string[] Types = ["order_create", "stock_reserve", "payment_charge", "shipping_dispatch"];
    private readonly HttpClient _client = new() { BaseAddress = platform.Workflows, Timeout = TimeSpan.FromSeconds(10) };
    private readonly ConcurrentDictionary<int, string> _started = new();
    private int _refused;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Starts that were answered.</summary>
    public int Started => _started.Count;

    /// <summary>Calls that had to be repeated.</summary>
    public int Refused => _refused;

    public async Task RegisterAsync()
    {
        // The demo registers its own at its start: these come after.
        await Eventually.IsTrueAsync(
            async () => (await _client.GetAsync(new Uri("/api/metadata/workflow/checkout", UriKind.Relative), Stop)).IsSuccessStatusCode, "the demo has begun");
        foreach (var type in Types)
            await PutAsync("/api/metadata/taskdefs", new
            {
                name = type, ownerEmail = "t@example.com", retryCount = 100, retryDelaySeconds = 1, timeoutSeconds = 0, responseTimeoutSeconds = 10,
            });
        object Task(string type, object input) => new { name = type, taskReferenceName = type, type = "SIMPLE", inputParameters = input };
        var (order, reservation) = ("${order_create.output.orderId}", "${stock_reserve.output.reservationId}");
        await PutAsync("/api/metadata/workflow", new[]
        {
            new
            {
                name = Name, version = 1, schemaVersion = 2, ownerEmail = "t@example.com", timeoutSeconds = 0,
                tasks = new object[]
                {
                    Task("order_create", new { customer = "${workflow.input.customer}", lines = "${workflow.input.lines}" }),
                    new
                    {
                        name = "fork", taskReferenceName = "fork", type = "FORK_JOIN",
                        forkTasks = new[]
                        {
                            new[] { Task("stock_reserve", new { orderId = order, lines = "${workflow.input.lines}" }) },
                            [Task("payment_charge", new { orderId = order, amount = "${order_create.output.total}" })],
                        },
                    },
                    new { name = "join", taskReferenceName = "join", type = "JOIN", joinOn = new[] { "stock_reserve", "payment_charge" } },
                    Task("shipping_dispatch", new { orderId = order, reservationId = reservation, address = "${workflow.input.address}" }),
                },
                outputParameters = new { total = "${order_create.output.total}", address = "${shipping_dispatch.output.address}" },
            },
        });
    }

    public async Task RunAsync(CancellationToken enough)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond));
        var starts = new List<Task>();
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            starts.Add(StartAsync(number));
            await pace.WaitForNextTickAsync(Stop);
        }
        await Task.WhenAll(starts);
    }

    /// <summary>Of the executions that started in a time and have ended: how long the slowest hundredth took at least.</summary>
    public async Task<TimeSpan> SlowestHundredthAsync(DateTimeOffset from, DateTimeOffset to)
    {
        await using var source = NpgsqlDataSource.Create(platform.Database("workflows"));
        await using var command = source.CreateCommand("""
            SELECT percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - created_at)) FROM workflows.executions
            WHERE name = 'kill_checkout' AND ended_at IS NOT NULL AND created_at BETWEEN $1 AND $2
            """);
        command.Parameters.Add(new() { Value = from });
        command.Parameters.Add(new() { Value = to });
        return TimeSpan.FromSeconds((double)(await command.ExecuteScalarAsync(Stop))!);
    }

    public async Task<string> JudgeAsync()
    {
        await using var source = NpgsqlDataSource.Create(platform.Database("workflows"));
        await Eventually.BecomesAsync(() => CountAsync(source, Executions + " AND status = 'RUNNING'"), running => running == 0, seconds: 300);
        var statuses = await TextAsync(source, Statuses);
        var summary = $"{_started.Count} starts: {statuses}; {_refused} calls repeated";
        (await CountAsync(source, Executions)).ShouldBe(_started.Count, summary);
        (await CountAsync(source, Starts)).ShouldBe(_started.Count, summary);
        (await CountAsync(source, Right)).ShouldBe(_started.Count, summary + ": completed with the right output");
        (await CountAsync(source, EndedOnce)).ShouldBe(_started.Count, summary + ": ended once");
        (await CountAsync(source, Twice)).ShouldBe(0, summary + ": tasks that succeeded twice");
        return summary;
    }

    public void Dispose() => _client.Dispose();

    private async Task StartAsync(int number)
    {
        var start = new
        {
            name = Name, correlationId = $"kill-{number}", idempotencyKey = $"kill-{number}", idempotencyStrategy = "RETURN_EXISTING",
            input = new { customer = "c", address = $"street {number}", lines = new[] { new { sku = "s", quantity = 1 + (number % 9), price = 10 } } },
        };
        while (true)
        {
            try
            {
                using var answer = await _client.PostAsJsonAsync("/api/workflow", start, Stop);
                if (answer.IsSuccessStatusCode)
                {
                    _started[number] = await answer.Content.ReadAsStringAsync(Stop);
                    return;
                }
                ((int)answer.StatusCode).ShouldBe(503, await answer.Content.ReadAsStringAsync(Stop));
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !Stop.IsCancellationRequested)
            {
                // The service is away: the same start again.
            }
            Interlocked.Increment(ref _refused);
            await Task.Delay(TimeSpan.FromMilliseconds(500), Stop);
        }
    }

    private const string Executions = "SELECT count(*) FROM workflows.executions WHERE name = 'kill_checkout'";

    private const string Starts = "SELECT count(DISTINCT correlation_id) FROM workflows.executions WHERE name = 'kill_checkout'";

    private const string Statuses = """
        SELECT string_agg(status || ' ' || n, ', ') FROM (
            SELECT status, count(*) AS n FROM workflows.executions WHERE name = 'kill_checkout' GROUP BY status) s
        """;

    private const string Right = """
        SELECT count(*) FROM workflows.executions i CROSS JOIN LATERAL (SELECT convert_from(i.output, 'UTF8')::json AS o) x
        WHERE i.name = 'kill_checkout' AND i.status = 'COMPLETED'
          AND (o->>'total')::numeric = 10 * (1 + substr(i.correlation_id, 6)::integer % 9) AND o->>'address' = 'street ' || substr(i.correlation_id, 6)
        """;

    private const string EndedOnce = """
        SELECT count(*) FROM (SELECT h.workflow_id FROM workflows.history h JOIN workflows.executions i ON i.id = h.workflow_id
            CROSS JOIN LATERAL json_array_elements(h.events::json) e
            WHERE i.name = 'kill_checkout' AND e->>0 IN ('WorkflowCompleted', 'WorkflowFailed', 'WorkflowTimedOut', 'WorkflowTerminated')
            GROUP BY h.workflow_id HAVING count(*) = 1) once
        """;

    private const string Twice = """
        SELECT count(*) FROM (SELECT t.workflow_id, t.ref FROM workflows.tasks t JOIN workflows.executions i ON i.id = t.workflow_id
            WHERE i.name = 'kill_checkout' AND t.status = 'COMPLETED' GROUP BY 1, 2 HAVING count(*) > 1) twice
        """;

    private async Task PutAsync(string path, object body)
    {
        using var answer = await _client.PutAsJsonAsync(path, body, Stop);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Stop));
    }

    private static async Task<long> CountAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Stop))!;
    }

    private static async Task<string?> TextAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Stop) as string;
    }
}
