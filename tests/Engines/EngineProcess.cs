using System.Collections.Concurrent;
using System.Diagnostics;

namespace Conductor.Engines;

/// <summary>A private engine for tests: one of scripts/engines as a child process, with a folder and ports of its own.</summary>
internal sealed class EngineProcess(string script, string folder, IReadOnlyList<string> arguments, Func<CancellationToken, Task<bool>> answers)
    : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    /// <summary>Starts the engine, also after <see cref="Kill"/> or <see cref="StopAsync"/>, and waits until it answers.</summary>
    /// <exception cref="EngineException">It is not installed, or does not start; the message holds what it said.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var program = Path.Combine(AppContext.BaseDirectory, "Engines", script);
        _process = new Process
        {
            // A session of its own: a Ctrl-C at the terminal reaches the tests, which then stop their engines.
            StartInfo = new("setsid", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false },
        };
        _process.OutputDataReceived += (_, e) => _output.Enqueue(e.Data ?? "");
        _process.ErrorDataReceived += (_, e) => _output.Enqueue(e.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        while (!await answers(cancellationToken))
        {
            if (_process.HasExited) throw new EngineException($"{script} ended with {_process.ExitCode}: {string.Join('\n', _output.TakeLast(5)).Trim()}");
            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>Ends the engine as a power failure would (SIGKILL to all of its processes).</summary>
    public void Kill()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
    }

    /// <summary>Ends one of the engine's processes (SIGKILL), and waits until its script has ended.</summary>
    public async Task KillAsync(int id, CancellationToken cancellationToken)
    {
        using var victim = Process.GetProcessById(id);
        victim.Kill();
        await _process!.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Stops all of the engine's processes where they are (SIGSTOP): to its clients, a server that is there and says nothing.</summary>
    public void Freeze() => ProcessTree.Freeze(_process!.Id);

    /// <summary>Lets a frozen engine go on.</summary>
    public void Thaw() => ProcessTree.Thaw(_process!.Id);

    /// <summary>A clean shutdown.</summary>
    public async Task StopAsync()
    {
        if (_process is not { HasExited: false } process) return;
        ProcessTree.End(process.Id);
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
    }
}

/// <summary>An engine is not installed or does not start; the message says why, with the engine's own words.</summary>
public sealed class EngineException(string message) : Exception(message);
