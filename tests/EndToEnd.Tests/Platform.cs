using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

[assembly: AssemblyFixture(typeof(Conductor.EndToEnd.Tests.DemoPlatform))]

// Each platform is a dozen processes, and two that start at once could choose the same ports.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Conductor.EndToEnd.Tests;

/// <summary>A platform that <c>./run --background</c> started on a data folder and ports of its own.</summary>
internal sealed partial class Platform : IAsyncDisposable
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../.."));
    private readonly int _offset;

    private Platform(string data, int offset, string output) => (Data, _offset, Output) = (data, offset, output);

    public string Data { get; }

    /// <summary>What <c>./run</c> printed.</summary>
    public string Output { get; }

    public Uri Workflows => Service("workflows");

    public Uri Pipelines => Service("pipelines");

    /// <summary>The console's link that logs in.</summary>
    public Uri Login => new(LoginLink().Match(Output).Value);

    /// <summary>The Aspire dashboard's link that logs in.</summary>
    public Uri Dashboard => new(DashboardLink().Match(Output).Value);

    public static Task<Platform> StartAsync(params string[] options)
    {
        var data = Path.Combine(Path.GetTempPath(), "conductor-e2e", Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(data);
        return StartAsync(data, FreeOffset(), options);
    }

    /// <summary>Starts one whose data folder is below this one.</summary>
    public static Task<Platform> StartOnAsync(string folder, params string[] options)
    {
        var data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        return StartAsync(data, FreeOffset(), options);
    }

    /// <summary>Starts it once more, on the same data and ports.</summary>
    public Task<Platform> StartAgainAsync(params string[] options) => StartAsync(Data, _offset, options);

    private static async Task<Platform> StartAsync(string data, int offset, string[] options)
    {
        var (status, output) = await RunAsync(["--background", "--data", data, "--port-offset", offset.ToString(CultureInfo.InvariantCulture), .. options]);
        if (status != 0 && output.Contains("only root may install", StringComparison.Ordinal)) Assert.Skip(output);
        status.ShouldBe(0, output);
        return new Platform(data, offset, output);
    }

    /// <summary>The processes that the platform recorded: id and start time.</summary>
    public IReadOnlyList<(int Id, string Start)> Processes() =>
        [.. File.ReadLines(Path.Combine(Data, "processes")).Skip(1).Select(l => l.Split(' '))
            .Select(p => (int.Parse(p[0], CultureInfo.InvariantCulture), p[1]))];

    /// <summary>Whether a process of that name is noted now.</summary>
    public bool IsRecorded(string name) => File.ReadLines(Path.Combine(Data, "processes")).Any(l => l.EndsWith($" {name}", StringComparison.Ordinal));

    /// <summary>The id of one of them.</summary>
    public int ProcessId(string name) => ProcessIds(name)[0];

    /// <summary>The ids of all of that name: a service may have replicas.</summary>
    public IReadOnlyList<int> ProcessIds(string name) =>
        [.. File.ReadLines(Path.Combine(Data, "processes")).Where(l => l.EndsWith($" {name}", StringComparison.Ordinal))
            .Select(l => int.Parse(l.Split(' ')[0], CultureInfo.InvariantCulture))];

    /// <summary>Whether this very process (not another that got its id) lives.</summary>
    public static bool Lives((int Id, string Start) process)
    {
        try
        {
            // Fields 3 and 22, counted behind the name in brackets: proc(5). A process that has ended and was not collected yet (Z) is dead.
            var fields = File.ReadAllText($"/proc/{process.Id}/stat").Split(") ")[^1].Split(' ');
            return fields[19] == process.Start && fields[0] != "Z";
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Connection string of a database on its own server.</summary>
    public string Database(string name)
    {
        var folder = Path.Combine(Data, "postgres");
        // The port is the fourth line of the file.
        var port = File.ReadLines(Path.Combine(folder, "data", "postmaster.pid")).ElementAt(3);
        return $"Host=127.0.0.1;Port={port};Username=postgres;Password={File.ReadAllText(Path.Combine(folder, "password")).Trim()};Database={name}";
    }

    /// <summary>Ends one of them as a lack of memory would (SIGKILL).</summary>
    public Task KillAsync(string name) => KillAsync(ProcessId(name));

    private static async Task KillAsync(int id)
    {
        using var kill = Process.Start("/bin/kill", ["-KILL", id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Kills one of that name (the first, or another replica), and waits until another process has taken its place.</summary>
    public async Task KillAndSeeAgainAsync(string name, int which = 0)
    {
        var before = ProcessIds(name);
        var killed = before[which % before.Count];
        await KillAsync(killed);
        await Eventually.IsTrueAsync(
            () => ProcessIds(name) is { } now && now.Count == before.Count && !now.Contains(killed), $"{name} runs again", seconds: 120);
    }

    public async Task<string> StopAsync() => (await RunAsync(["--stop", "--data", Data])).Succeeded();

    /// <summary>What <c>./run --status</c> prints.</summary>
    public async Task<string> StatusAsync() => (await RunAsync(["--status", "--data", Data])).Succeeded();

    public async ValueTask DisposeAsync()
    {
        await RunAsync(["--stop", "--data", Data]);
        Directory.Delete(Data, recursive: true);
    }

    /// <summary>Runs <c>./run</c> with these options to its end.</summary>
    public static async Task<(int Status, string Output)> RunAsync(params IEnumerable<string> arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Path.Combine(Root, "run"), arguments)
            {
                RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false
            })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    // Below the ports that engines and clients choose for themselves.
    private static int FreeOffset()
    {
        var taken = System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(l => l.Port).ToHashSet();
        return Enumerable.Range(1, 60).Select(i => i * 10 + 1000).First(o => !new[] { 8080, 8082, 8090, 18888 }.Any(p => taken.Contains(p + o)));
    }

    /// <summary>The address of a service.</summary>
    public Uri Service(string name)
    {
        var port = name switch
        {
            "workflows" => 8080,
            "pipelines" => 8082,
            "console" => 8090,
            _ => throw new ArgumentException($"there is no service {name}", nameof(name)),
        };
        return new($"http://127.0.0.1:{(port + _offset).ToString(CultureInfo.InvariantCulture)}");
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/login\?token=\w+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LoginLink();

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/login\?t=\w+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DashboardLink();
}

internal static class RunResult
{
    public static string Succeeded(this (int Status, string Output) result)
    {
        result.Status.ShouldBe(0, result.Output);
        return result.Output;
    }
}

/// <summary>One platform with the demo, for all tests that only look at it.</summary>
public sealed class DemoPlatform : IAsyncDisposable
{
    private readonly Lazy<Task<Platform>> _platform = new(() => Platform.StartAsync());

    internal Task<Platform> StartedAsync() => _platform.Value;

    public async ValueTask DisposeAsync()
    {
        if (_platform.IsValueCreated) await (await _platform.Value).DisposeAsync();
    }
}
