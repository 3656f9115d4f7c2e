using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Conductor.Engines;

// Each test runs the service with a database of its own, but its queues on the broker are the same: side by side they would take each other's messages.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(RabbitMqServer))]

namespace Conductor.Pipelines.Tests.Service;

/// <summary>The service as a process of its own, with a database and a data folder that outlive it.</summary>
internal sealed class PipelineService : IAsyncDisposable
{
    private readonly string _database;
    private readonly string _rabbitMq;
    private readonly StringBuilder _output = new();
    private Process? _process;

    private PipelineService(string database, string rabbitMq) => (_database, _rabbitMq) = (database, rabbitMq);

    /// <summary>Names things of this test on engines that tests share.</summary>
    public string Id { get; } = "t" + Guid.NewGuid().ToString("N")[..12];

    public string Data { get; } = Directory.CreateTempSubdirectory("pipelines-").FullName;

    public string Database => _database;

    public HttpClient Http { get; private set; } = new();

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>What the process has used since its start.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process!.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<PipelineService> StartAsync(PostgresServer postgres, RabbitMqServer rabbitMq, params (string Name, string Value)[] settings)
    {
        var service = new PipelineService(await postgres.CreateDatabaseAsync(), rabbitMq.ConnectionString);
        await service.StartAsync(settings);
        return service;
    }

    public async Task StartAsync(params (string Name, string Value)[] settings)
    {
        var address = $"http://127.0.0.1:{FreePort.Next().ToString(CultureInfo.InvariantCulture)}";
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Conductor.Pipelines.dll")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Data,
        };
        foreach (var (name, value) in new[]
        {
            ("ConnectionStrings__pipelines", _database), ("ConnectionStrings__rabbitmq", _rabbitMq), ("ASPNETCORE_URLS", address),
            ("Pipelines__DataFolder", Data), ("Pipelines__Lease", "00:00:02"),
            // They would go to one topic of the broker that the tests share.
            ("Events__Enabled", "false"),
        }.Concat(settings)) start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Note(e.Data);
        _process.ErrorDataReceived += (_, e) => Note(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Http = new HttpClient { BaseAddress = new Uri(address) };
        await Until.TrueAsync(async () => _process.HasExited ? throw Ended() : await AnswersAsync(),
            "the service answers", () => Output, seconds: 180);
    }

    /// <summary>Ends the process as <c>kill -9</c> does.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>Asks the process to end; returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        ProcessTree.End(_process!.Id);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async Task<HttpResponseMessage> RegisterAsync(string yaml, string query = "") =>
        await Http.PostAsync("/api/pipelines" + query, new StringContent(yaml, Encoding.UTF8, "application/yaml"), TestContext.Current.CancellationToken);

    public async Task BeginAsync(string yaml, string name)
    {
        var answer = await RegisterAsync(yaml);
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        await OrderAsync(name, "start");
        await StateAsync(name, "Running");
    }

    public async Task OrderAsync(string name, string verb)
    {
        var answer = await Http.PostAsync($"/api/pipelines/{name}/{verb}", content: null, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
    }

    public async Task<JsonNode> FindAsync(string name) =>
        (await Http.GetFromJsonAsync<JsonNode>($"/api/pipelines/{name}", TestContext.Current.CancellationToken))!;

    // Null while the database is away.
    private async Task<JsonNode?> TryFindAsync(string name)
    {
        try
        {
            return await FindAsync(name);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public Task StateAsync(string name, string state) =>
        Until.TrueAsync(async () => (string?)(await FindAsync(name))["state"] == state, $"{name} is {state}", () => Output);

    /// <summary>Waits until a component has read so many records; its counters then.</summary>
    public async Task<JsonNode> ReadAsync(string name, string component, long count, double seconds = 90)
    {
        JsonNode? counters = null;
        await Until.TrueAsync(async () =>
        {
            counters = await TryFindAsync(name) is { } found
                ? found["components"]!.AsArray().Single(c => (string?)c!["name"] == component)!["counters"]!
                : null;
            return counters is not null && (long)counters["read"]! >= count;
        }, $"{name}/{component} has read {count}", () => $"{counters}\n{Output}", seconds);
        return counters!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) Kill();
        _process?.Dispose();
        Http.Dispose();
        await Task.Run(() => Directory.Delete(Data, recursive: true));
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return (await Http.GetAsync("/health", TestContext.Current.CancellationToken)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private InvalidOperationException Ended()
    {
        // Only this waits for all of its output.
        _process!.WaitForExit();
        return new($"the service ended: {Output}");
    }

    private void Note(string? line)
    {
        lock (_output) _output.AppendLine(line);
    }
}

/// <summary>Waits on conditions.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, Func<string>? context = null, double seconds = 90)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(seconds))
                throw new TimeoutException($"waited in vain until {what}; {context?.Invoke()}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
