using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using Conductor.Engines;
using Npgsql;

namespace Conductor.EndToEnd.Tests;

/// <summary>
/// <c>./bench kill-workflows</c>: executions start at a steady rate over REST, workers over HTTP (orders, shipping) and on the bus (stock,
/// payments) carry them out, and service, engines and workers are killed at random meanwhile. CONDUCTOR_KILL_SEED repeats a run's choices.
/// </summary>
[EndToEnd]
public sealed class WorkflowKillRounds(ITestOutputHelper output)
{
    private const string Name = "kill_checkout";
    private const int PerSecond = 10;
    private static readonly string[] Victims = ["workflows", "postgres", "rabbitmq", "orders", "payments", "stock", "shipping"];
    private static readonly string[] Types = ["order_create", "stock_reserve", "payment_charge", "shipping_dispatch"];
    private readonly ConcurrentDictionary<int, string> _started = new();
    private readonly Dictionary<string, int> _kills = [];
    private int _refused;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Whatever_is_killed_under_load_each_execution_ends_once_and_well()
    {
        var (rounds, seed) = (Number("CONDUCTOR_KILL_ROUNDS") ?? 3, Number("CONDUCTOR_KILL_SEED") ?? Environment.TickCount);
        Tell($"seed {seed}, {rounds} rounds");
        await using var platform = await Platform.StartAsync("--no-dashboard");
        using var client = new HttpClient { BaseAddress = platform.Workflows, Timeout = TimeSpan.FromSeconds(10) };
        await RegisterAsync(client);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var load = Task.Run(() => LoadAsync(client, enough.Token), Stop);
        var random = new Random(seed);
        for (var round = 1; round <= rounds; round++)
        {
            await Task.Delay(random.Next(1000, 5000), Stop);
            await KillAsync(platform, Victims[random.Next(Victims.Length)]);
        }
        await Task.Delay(TimeSpan.FromSeconds(3), Stop);
        await enough.CancelAsync();
        await load;
        await JudgeAsync(platform);
    }

    private async Task KillAsync(Platform platform, string victim)
    {
        await Eventually.IsTrueAsync(() => platform.IsRecorded(victim), $"{victim} runs", seconds: 120);
        var before = platform.ProcessId(victim);
        await platform.KillAsync(victim);
        _kills[victim] = _kills.GetValueOrDefault(victim) + 1;
        await Eventually.IsTrueAsync(() => platform.IsRecorded(victim) && platform.ProcessId(victim) != before, $"{victim} runs again", seconds: 120);
        Tell($"killed {victim}; {_started.Count} executions so far, {_refused} refusals");
    }

    // A start that was not answered is repeated with its key, for as long as it takes.
    private async Task LoadAsync(HttpClient client, CancellationToken enough)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond));
        var starts = new List<Task>();
        for (var number = 0; !enough.IsCancellationRequested; number++)
        {
            starts.Add(StartAsync(client, number));
            await pace.WaitForNextTickAsync(Stop);
        }
        await Task.WhenAll(starts);
    }

    private async Task StartAsync(HttpClient client, int number)
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
                using var answer = await client.PostAsJsonAsync("/api/workflow", start, Stop);
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

    private async Task JudgeAsync(Platform platform)
    {
        await using var source = NpgsqlDataSource.Create(Database(platform));
        await Eventually.BecomesAsync(() => CountAsync(source, Executions + " AND status = 'RUNNING'"), running => running == 0, seconds: 300);
        var statuses = await TextAsync(source, Statuses);
        Tell($"{_started.Count} starts: {statuses}; {_refused} calls repeated; kills: {string.Join(", ", _kills.Select(k => $"{k.Key} {k.Value}"))}");
        (await CountAsync(source, Executions)).ShouldBe(_started.Count);
        (await CountAsync(source, "SELECT count(DISTINCT correlation_id) FROM workflows.instances WHERE name = 'kill_checkout'")).ShouldBe(_started.Count);
        (await CountAsync(source, Right)).ShouldBe(_started.Count, "completed with the right output");
        (await CountAsync(source, EndedOnce)).ShouldBe(_started.Count, "ended once");
        (await CountAsync(source, Twice)).ShouldBe(0, "tasks that succeeded twice");
    }

    private const string Executions = "SELECT count(*) FROM workflows.instances WHERE name = 'kill_checkout'";

    private const string Statuses = """
        SELECT string_agg(status || ' ' || n, ', ') FROM (
            SELECT status, count(*) AS n FROM workflows.instances WHERE name = 'kill_checkout' GROUP BY status) s
        """;

    private const string Right = """
        SELECT count(*) FROM workflows.instances i, convert_from(i.output, 'UTF8')::json o WHERE i.name = 'kill_checkout' AND i.status = 'COMPLETED'
          AND (o->>'total')::numeric = 10 * (1 + substr(i.correlation_id, 6)::integer % 9) AND o->>'address' = 'street ' || substr(i.correlation_id, 6)
        """;

    private const string EndedOnce = """
        SELECT count(*) FROM (SELECT h.workflow_id FROM workflows.history h JOIN workflows.instances i ON i.id = h.workflow_id
            WHERE i.name = 'kill_checkout' AND h.kind IN ('WorkflowCompleted', 'WorkflowFailed', 'WorkflowTimedOut', 'WorkflowTerminated')
            GROUP BY h.workflow_id HAVING count(*) = 1) once
        """;

    private const string Twice = """
        SELECT count(*) FROM (SELECT t.workflow_id, t.ref FROM workflows.tasks t JOIN workflows.instances i ON i.id = t.workflow_id
            WHERE i.name = 'kill_checkout' AND t.status = 'COMPLETED' GROUP BY 1, 2 HAVING count(*) > 1) twice
        """;

    private static async Task RegisterAsync(HttpClient client)
    {
        // The demo registers its own at its start: these come after.
        await Eventually.IsTrueAsync(
            async () => (await client.GetAsync(new Uri("/api/metadata/workflow/checkout", UriKind.Relative), Stop)).IsSuccessStatusCode, "the demo has begun");
        foreach (var type in Types)
            await PutAsync(client, "/api/metadata/taskdefs", new
            {
                name = type, ownerEmail = "t@example.com", retryCount = 100, retryDelaySeconds = 1, timeoutSeconds = 0, responseTimeoutSeconds = 10,
            });
        object Task(string type, object input) => new { name = type, taskReferenceName = type, type = "SIMPLE", inputParameters = input };
        var (order, reservation) = ("${order_create.output.orderId}", "${stock_reserve.output.reservationId}");
        await PutAsync(client, "/api/metadata/workflow", new[]
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

    private static async Task PutAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PutAsJsonAsync(path, body, Stop);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(Stop));
    }

    // The platform's own server: its port is the fourth line of the file.
    private static string Database(Platform platform)
    {
        var folder = Path.Combine(platform.Data, "postgres");
        var port = File.ReadLines(Path.Combine(folder, "data", "postmaster.pid")).ElementAt(3);
        return $"Host=127.0.0.1;Port={port};Username=postgres;Password={File.ReadAllText(Path.Combine(folder, "password")).Trim()};Database=workflows";
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

    private void Tell(string line)
    {
        output.WriteLine(line);
        TestContext.Current.SendDiagnosticMessage(line);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
