using System.Collections.Concurrent;

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
    private readonly PatientClient _client = new(platform.Workflows, timeout: TimeSpan.FromSeconds(10), pause: TimeSpan.FromMilliseconds(500));
    private readonly ConcurrentDictionary<int, string> _started = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Starts that were answered.</summary>
    public int Started => _started.Count;

    /// <summary>Calls that had to be repeated.</summary>
    public int Refused => _client.Failures;

    public async Task RegisterAsync()
    {
        // The demo registers its own at its start: these come after.
        await Eventually.IsTrueAsync(
            async () => (await _client.Http.GetAsync(new Uri("/api/metadata/workflow/checkout", UriKind.Relative), Stop)).IsSuccessStatusCode,
            "the demo has begun");
        foreach (var type in Types)
            await _client.SendAsync(HttpMethod.Put, "/api/metadata/taskdefs", new
            {
                name = type, ownerEmail = "t@example.com", retryCount = 100, retryDelaySeconds = 1, timeoutSeconds = 0, responseTimeoutSeconds = 10,
            });
        object Task(string type, object input) => new { name = type, taskReferenceName = type, type = "SIMPLE", inputParameters = input };
        var (order, reservation) = ("${order_create.output.orderId}", "${stock_reserve.output.reservationId}");
        await _client.SendAsync(HttpMethod.Put, "/api/metadata/workflow", new[]
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

    public Task RunAsync(CancellationToken enough) => PatientClient.BeginAsync(PerSecond, StartAsync, enough);

    /// <summary>Of the executions that started in a time and have ended: how long the slowest hundredth took at least.</summary>
    public async Task<TimeSpan> SlowestHundredthAsync(DateTimeOffset from, DateTimeOffset to)
    {
        await using var executions = new LoadedExecutions(platform, Name);
        return TimeSpan.FromSeconds(await executions.ReadAsync<double>("""
            SELECT percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - created_at)) FROM workflows.executions
            WHERE name = $1 AND ended_at IS NOT NULL AND created_at BETWEEN $2 AND $3
            """, from, to));
    }

    /// <summary>Minutes of a time in which executions started that took more than so long: how many those were, and the longest.</summary>
    public async Task<string> SlowMinutesAsync(DateTimeOffset from, DateTimeOffset to, TimeSpan longest)
    {
        await using var executions = new LoadedExecutions(platform, Name);
        return await executions.ReadAsync<string>("""
            SELECT coalesce(string_agg(format('minute %s: %s, up to %s s', minute, n, round(most)), '; ' ORDER BY minute), 'none') FROM (
                SELECT floor(extract(epoch FROM created_at - $2) / 60) AS minute, count(*) AS n, max(extract(epoch FROM ended_at - created_at)) AS most
                FROM workflows.executions WHERE name = $1 AND created_at BETWEEN $2 AND $3 AND ended_at - created_at > $4 GROUP BY 1) m
            """, from, to, longest);
    }

    public async Task<string> JudgeAsync()
    {
        await using var executions = new LoadedExecutions(platform, Name);
        await executions.WaitForEndAsync(seconds: 300);
        var statuses = await executions.ReadAsync<string>(Statuses);
        var summary = $"{_started.Count} starts: {statuses}; {Refused} calls repeated";
        (await executions.CountAsync()).ShouldBe(_started.Count, summary);
        (await executions.ReadAsync<long>(Starts)).ShouldBe(_started.Count, summary);
        (await executions.ReadAsync<long>(Right)).ShouldBe(_started.Count, summary + ": completed with the right output");
        (await executions.ReadAsync<long>(EndedOnce)).ShouldBe(_started.Count, summary + ": ended once");
        (await executions.SucceededTwiceAsync()).ShouldBe(0, summary + ": tasks that succeeded twice");
        return summary;
    }

    public void Dispose() => _client.Dispose();

    private async Task StartAsync(int number) => _started[number] = await _client.PostAsync("/api/workflow", new
    {
        name = Name, correlationId = $"kill-{number}", idempotencyKey = $"kill-{number}", idempotencyStrategy = "RETURN_EXISTING",
        input = new { customer = "c", address = $"street {number}", lines = new[] { new { sku = "s", quantity = 1 + (number % 9), price = 10 } } },
    });

    private const string Starts = "SELECT count(DISTINCT correlation_id) FROM workflows.executions WHERE name = $1";

    private const string Statuses = """
        SELECT string_agg(status || ' ' || n, ', ') FROM (
            SELECT status, count(*) AS n FROM workflows.executions WHERE name = $1 GROUP BY status) s
        """;

    private const string Right = """
        SELECT count(*) FROM workflows.executions i CROSS JOIN LATERAL (SELECT convert_from(i.output, 'UTF8')::json AS o) x
        WHERE i.name = $1 AND i.status = 'COMPLETED'
          AND (o->>'total')::numeric = 10 * (1 + substr(i.correlation_id, 6)::integer % 9) AND o->>'address' = 'street ' || substr(i.correlation_id, 6)
        """;

    private const string EndedOnce = """
        SELECT count(*) FROM (SELECT h.workflow_id FROM workflows.history h JOIN workflows.executions i ON i.id = h.workflow_id
            CROSS JOIN LATERAL json_array_elements(h.events::json) e
            WHERE i.name = $1 AND e->>0 IN ('WorkflowCompleted', 'WorkflowFailed', 'WorkflowTimedOut', 'WorkflowTerminated')
            GROUP BY h.workflow_id HAVING count(*) = 1) once
        """;
}
