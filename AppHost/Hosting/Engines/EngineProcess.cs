using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Conductor.Hosting.Processes;

namespace Conductor.Hosting.Engines;

/// <summary>Starts and ends child processes of an engine, as an unprivileged user where we are root.</summary>
internal static class EngineProcess
{
    private static readonly ConcurrentDictionary<int, byte> Given = new();

    public static bool IsRoot { get; } = string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    /// <summary>
    /// A TCP port of the loopback address that is free now. It lies below the range from which the system takes ports of outgoing
    /// connections (net.ipv4.ip_local_port_range), so that none of those takes it before its owner listens, and is given out once.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(15_000, 32_000);
            if (!Given.TryAdd(port, 0)) continue;
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody listens there; another one will be free.
            }
        }
    }

    /// <summary>A command in a session of its own, as <paramref name="user"/> where we are root.</summary>
    public static ProcessStartInfo Command(string? user, string file, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("setsid")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        IEnumerable<string> asUser = user is not null && IsRoot ? ["setpriv", $"--reuid={user}", $"--regid={(user == "nobody" ? "nogroup" : user)}", "--init-groups"] : [];
        foreach (var argument in asUser.Append(file).Concat(arguments)) start.ArgumentList.Add(argument);
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
    public static Process Start(ProcessStartInfo start, Action<string> line, TaskCompletionSource<int>? ended = null)
    {
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, e) => { if (e.Data is not null) line(e.Data); };
        process.ErrorDataReceived += (_, e) => { if (e.Data is not null) line(e.Data); };
        process.Exited += (_, _) => ended?.TrySetResult(process.ExitCode);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Gives a folder to the engine's user.</summary>
    public static Task OwnAsync(string folder, string user, CancellationToken cancellationToken) => OwnAsync(folder, user, user, cancellationToken);

    /// <summary>Gives a folder to the engine's user and group.</summary>
    public static async Task OwnAsync(string folder, string user, string group, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        if (!IsRoot) return;
        await RunAsync(Command(user: null, "chown", "-R", $"{user}:{group}", folder), cancellationToken);
        try
        {
            await RunAsync(Command(user, "test", "-w", folder), cancellationToken);
        }
        catch (EngineException e)
        {
            throw new EngineException($"The user {user}, as whom the engine runs, cannot reach {folder}: choose a data folder (--data DIR) that other users can reach", e);
        }
    }
}

/// <summary>An engine cannot be prepared, started or reached; the message says why, with the engine's own words.</summary>
public sealed class EngineException(string message, Exception? inner = null) : Exception(message, inner);
