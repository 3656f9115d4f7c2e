using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace Conductor.EndToEnd.Tests;

/// <summary>
/// Executions of three tasks in sequence, and workers that poll for them. Each poll is a worker of its own name, so that the history tells which
/// poll got which task. Every fourth breaks off while it waits, or while it is answered.
/// </summary>
internal sealed class HandOutLoad(Platform platform, int seed) : IDisposable
{
    private const string Name = "kill_hand_out";
    private const int Steps = 3;
    private const int PerSecond = 40;
    private const int WorkersPerStep = 5;
    private readonly PatientClient _client = new(platform.Workflows, timeout: TimeSpan.FromSeconds(15), pause: TimeSpan.FromMilliseconds(100));
    private readonly ConcurrentQueue<(Guid Task, string Worker)> _received = new();
    private int _started, _reported, _vanished;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <inheritdoc />
    public override string ToString() =>
        $"{_started} executions, {_received.Count} tasks received, {_reported} reported, {_vanished} workers vanished, {_client.Failures} calls failed";

    public async Task RegisterAsync()
    {
        var types = Enumerable.Range(0, Steps).Select(i => $"{Name}_{i}").ToArray();
        await _client.SendAsync(HttpMethod.Post, "/api/metadata/taskdefs", types.Select(name => new
        {
            name, ownerEmail = "t@example.com", retryCount = 100, retryDelaySeconds = 0, timeoutSeconds = 0, responseTimeoutSeconds = 5,
        }));
        await _client.SendAsync(HttpMethod.Post, "/api/metadata/workflow", new
        {
            name = Name, version = 1, schemaVersion = 2, ownerEmail = "t@example.com", timeoutSeconds = 0,
            tasks = types.Select((type, i) => new
            {
                name = type, taskReferenceName = type, type = "SIMPLE",
                inputParameters = new { value = i == 0 ? "${workflow.input.value}" : $$"""${{{types[i - 1]}}.output.value}""" },
            }),
            outputParameters = new { value = $$"""${{{types[^1]}}.output.value}""" },
        });
    }

    /// <summary>Starts executions; each is repeated with its key until it is answered.</summary>
    public Task StartAsync(CancellationToken enough) => PatientClient.BeginAsync(PerSecond, StartAsync, enough);

    /// <summary>Polls and reports until told to stop.</summary>
    public Task WorkAsync(CancellationToken done) =>
        Task.WhenAll(Enumerable.Range(0, Steps * WorkersPerStep).Select(i => WorkAsync(i % Steps, new Random(seed + i), done)));

    /// <summary>Waits for some more results.</summary>
    public async Task GoesOnAsync(int more)
    {
        var before = Volatile.Read(ref _reported);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref _reported) >= before + more, $"{more} more tasks are executed", seconds: 120);
    }

    public async Task<string> JudgeAsync()
    {
        await using var executions = new LoadedExecutions(platform, Name);
        await executions.WaitForEndAsync(seconds: 120);
        var summary = ToString();
        (await executions.CountAsync()).ShouldBe(_started, summary);
        (await executions.ReadAsync<long>(Right)).ShouldBe(_started, summary + ": completed with the right output");
        (await executions.SucceededTwiceAsync()).ShouldBe(0, summary + ": steps that succeeded twice");
        var known = await HandOutsAsync();
        _received.Where(r => !known.Contains(r)).ShouldBeEmpty(summary + ": workers held what was not theirs");
        _received.GroupBy(r => r.Task).Where(g => g.Count() > 1).ShouldBeEmpty(summary + ": two workers held one task");
        return $"{summary}; {known.Count} hand-outs in the history";
    }

    public void Dispose() => _client.Dispose();

    private async Task WorkAsync(int step, Random random, CancellationToken done)
    {
        for (var number = 0; !done.IsCancellationRequested; number++)
        {
            var worker = $"w{step}-{random.Next():x}-{number}";
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            var vanishes = random.Next(4) == 0;
            if (vanishes) patience.CancelAfter(random.Next(1, 120));
            try
            {
                var tasks = await _client.Http.GetFromJsonAsync<JsonElement[]>(
                    $"/api/tasks/poll/batch/{Name}_{step}?count=3&timeout=500&workerid={worker}", patience.Token);
                foreach (var task in tasks!) _received.Enqueue((task.GetProperty("taskId").GetGuid(), worker));
                foreach (var task in tasks) await ReportAsync(task, worker);
            }
            catch (OperationCanceledException) when (vanishes && !Stop.IsCancellationRequested)
            {
                Interlocked.Increment(ref _vanished);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or JsonException && !Stop.IsCancellationRequested)
            {
                await _client.FailedAsync();
            }
        }
    }

    private async Task ReportAsync(JsonElement task, string worker)
    {
        var report = new
        {
            workflowInstanceId = task.GetProperty("workflowInstanceId").GetString(), taskId = task.GetProperty("taskId").GetString(), workerId = worker,
            status = "COMPLETED", outputData = new { value = task.GetProperty("inputData").GetProperty("value").GetInt32() + 1 },
        };
        await _client.PostAsync("/api/tasks", report);
        Interlocked.Increment(ref _reported);
    }

    private async Task StartAsync(int number)
    {
        await _client.PostAsync("/api/workflow", new
        {
            name = Name, correlationId = $"{number}", idempotencyKey = $"hand-out-{number}", idempotencyStrategy = "RETURN_EXISTING",
            input = new { value = number },
        });
        Interlocked.Increment(ref _started);
    }

    private const string Right = """
        SELECT count(*) FROM workflows.executions i WHERE i.name = $1 AND i.status = 'COMPLETED'
          AND (convert_from(i.output, 'UTF8')::json ->> 'value')::integer = i.correlation_id::integer + 3
        """;

    private const string HandOuts = """
        SELECT (e ->> 1)::uuid, e -> 2 ->> 'worker' FROM workflows.history h CROSS JOIN LATERAL json_array_elements(h.events::json) e
        WHERE e ->> 0 = 'TaskHandedOut'
        """;

    private async Task<HashSet<(Guid Task, string Worker)>> HandOutsAsync()
    {
        await using var source = NpgsqlDataSource.Create(platform.Database("workflows"));
        await using var command = source.CreateCommand(HandOuts);
        await using var reader = await command.ExecuteReaderAsync(Stop);
        var found = new HashSet<(Guid, string)>();
        while (await reader.ReadAsync(Stop)) found.Add((reader.GetGuid(0), reader.GetString(1)));
        return found;
    }
}
