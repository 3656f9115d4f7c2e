using System.Diagnostics;
using System.Globalization;
using Conductor.Engines;
using Conductor.Fuzzing;

namespace Conductor.EndToEnd.Tests;

/// <summary><c>./bench fuzz</c>: hostile requests to every operation of every service of a platform.</summary>
[EndToEnd]
public sealed class FuzzRounds
{
    private const double Growth = 1.3;
    private static readonly int Requests =
        int.Parse(Environment.GetEnvironmentVariable("FUZZ_REQUESTS") ?? "20000", NumberStyles.None, CultureInfo.InvariantCulture);
    private readonly int _seed = FuzzSeed.Choose();
    private readonly List<string> _wrong = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Whatever_is_sent_no_answer_is_a_failure_and_nothing_is_left_of_it()
    {
        await using var platform = await Platform.StartAsync("--no-dashboard", "--no-demo");
        using var workflows = Client(platform.Workflows);
        using var pipelines = Client(platform.Pipelines);
        using var console = Client(platform.Service("console"));
        using var nobody = Client(platform.Service("console"));
        using (await console.GetAsync(platform.Login, Cancellation)) { }
        var form = await FormToken.ReadAsync(console, "/workflows/start", Cancellation);

        var ids = new IdPool();
        var canary = new WorkflowCanary(workflows, ids);
        await canary.FlyAsync(Cancellation);
        await RunAsync(platform, "workflows", new Fuzzer(FuzzTargets.Workflows, workflows, _seed, ids), Requests, canary);
        (await canary.StuckAsync(Cancellation)).ShouldBeEmpty("no execution is stuck");
        await RunAsync(platform, "pipelines", new Fuzzer(FuzzTargets.Pipelines, pipelines, _seed, ids), Requests, canary);
        await RunAsync(platform, "console", new Fuzzer(FuzzTargets.Console(form), console, _seed, ids), Requests / 2, canary);
        await RunAsync(platform, "console", new Fuzzer(FuzzTargets.Console(formToken: null), nobody, _seed, ids, console), Requests / 2, canary);

        await canary.FlyAsync(Cancellation);
        (await canary.StuckAsync(Cancellation)).ShouldBeEmpty("no execution is stuck");
        (await canary.TerminateAllAsync(Cancellation)).ShouldBeEmpty("what runs can be terminated");
        string.Join('\n', _wrong).ShouldBeEmpty();
    }

    /// <summary>A few requests to warm up, then all; a canary flies beside them again and again.</summary>
    private async Task RunAsync(Platform platform, string service, Fuzzer fuzzer, int requests, WorkflowCanary canary)
    {
        var process = platform.ProcessId(service);
        var watch = Stopwatch.StartNew();
        await fuzzer.RunAsync(requests / 20, Cancellation);
        var before = await ServiceMemory.AtRestAsync(process, Cancellation);
        using var landed = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var flight = FlyAsync(canary, landed.Token);
        await fuzzer.RunAsync(requests - (requests / 20), Cancellation);
        await landed.CancelAsync();
        var flights = await flight;
        var after = await ServiceMemory.AtRestAsync(process, Cancellation);
        var summary = $"{fuzzer.Summary()}; "
            + $"{watch.Elapsed.TotalSeconds:0} s; canary flew {flights} times; RSS {before >> 20} MiB before, {after >> 20} MiB after";
        TestContext.Current.SendDiagnosticMessage(summary);
        Console.WriteLine(summary);
        foreach (var failure in fuzzer.Failures.Take(20)) Console.WriteLine(failure);
        _wrong.AddRange(fuzzer.Failures.Take(20));
        if (after > Growth * before) _wrong.Add($"{service}: {summary}");
        if (platform.ProcessId(service) != process) _wrong.Add($"{service} was started anew");
    }

    private static async Task<int> FlyAsync(WorkflowCanary canary, CancellationToken landed)
    {
        for (var flights = 0; ; flights++)
        {
            if (landed.IsCancellationRequested) return flights;
            await canary.FlyAsync(Cancellation);
        }
    }

    private static HttpClient Client(Uri address) =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
}
