using System.Diagnostics;
using System.Globalization;
using Conductor.Engines;
using Conductor.Testing;

namespace Conductor.Workflows.Tests;

/// <summary>The service in a process of its own.</summary>
internal sealed class AnotherServer : IAsyncDisposable
{
    private readonly Process _process;

    private AnotherServer(Process process, HttpClient client, string database) => (_process, Client, Database) = (process, client, database);

    public HttpClient Client { get; }

    public string Database { get; }

    public static async Task<AnotherServer> StartAsync(string database, string[] arguments)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next().ToString(CultureInfo.InvariantCulture)}");
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Conductor.Workflows"))
        {
            RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var argument in arguments.Append($"--urls={address}")) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) };
        await Eventually.IsTrueAsync(() => AnswersAsync(client), "the other server is ready");
        return new(process, client, database);
    }

    /// <summary>Ends it without a warning.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, and waits until it has.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited) ProcessTree.End(_process.Id);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        _process.Dispose();
    }

    private static async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync("/health");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
