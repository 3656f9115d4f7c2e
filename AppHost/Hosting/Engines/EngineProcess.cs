using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Conductor.Hosting.Engines;

/// <summary>Starts and ends child processes of an engine, as an unprivileged user where we are root.</summary>
internal static class EngineProcess
{
    public static bool IsRoot { get; } = string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    /// <summary>A TCP port of the loopback address that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static ProcessStartInfo Command(string? user, string file, params IEnumerable<string> arguments)
    {
        var asUser = user is not null && IsRoot;
        var start = new ProcessStartInfo(asUser ? "setpriv" : file)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        if (asUser)
        {
            foreach (var argument in new[] { $"--reuid={user}", $"--regid={user}", "--init-groups", file }) start.ArgumentList.Add(argument);
        }
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return start;
    }

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="EngineException">It ended with another code than 0; the message holds what it printed.</exception>
    public static async Task RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        using var process = Process.Start(start) ?? throw new EngineException($"cannot start {start.FileName}");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new EngineException($"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: {await output}{await errors}");
    }

    /// <summary>Starts a process whose output goes line by line to <paramref name="line"/>.</summary>
    public static Process Start(ProcessStartInfo start, Action<string> line)
    {
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, e) => { if (e.Data is not null) line(e.Data); };
        process.ErrorDataReceived += (_, e) => { if (e.Data is not null) line(e.Data); };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Sends a signal by its name (TERM, INT, KILL).</summary>
    public static void Signal(int processId, string name)
    {
        using var kill = Process.Start("/bin/kill", ["-" + name, processId.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Gives a folder to the engine's user.</summary>
    public static async Task OwnAsync(string folder, string user, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        if (IsRoot) await RunAsync(Command(user: null, "chown", "-R", $"{user}:{user}", folder), cancellationToken);
    }
}

/// <summary>An engine cannot be prepared, started or reached; the message says why, with the engine's own words.</summary>
public sealed class EngineException(string message, Exception? inner = null) : Exception(message, inner);
