using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Conductor.Recipes.Tests;

/// <summary>A program that runs beside the tests, killed at their end.</summary>
internal sealed class RunningProgram : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private RunningProgram(Process process) => _process = process;

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public static RunningProgram Start(string assembly, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [assembly])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetDirectoryName(assembly),
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var program = new RunningProgram(new() { StartInfo = start });
        program._process.OutputDataReceived += program.Note;
        program._process.ErrorDataReceived += program.Note;
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Runs <c>dotnet</c> to its end; anything but success fails the test with what it wrote.</summary>
    public static async Task DotnetAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder,
        };
        using var process = Process.Start(start)!;
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"dotnet {string.Join(' ', arguments)}: {texts[0]}{texts[1]}");
    }

    /// <summary>Waits until something holds, for at most a minute; a program that ends meanwhile fails the test with its output.</summary>
    public async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            _process.HasExited.ShouldBeFalse($"{what}: the program ended: {Output}");
            Stopwatch.GetElapsedTime(started).TotalSeconds.ShouldBeLessThan(60, $"{what}: {Output}");
            await clock.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    public static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}";
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private void Note(object sender, DataReceivedEventArgs line)
    {
        lock (_output) _output.AppendLine(line.Data);
    }
}
