using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Conductor.Hosting.Processes;

namespace Conductor.Hosting.Engines;

/// <summary>A private PostgreSQL server on the loopback address, as a child process with its own data folder.</summary>
public sealed class PostgresEngine : IAsyncDisposable
{
    private readonly string _data;
    private readonly Action<string> _log;
    private readonly Action<int>? _started;
    private Process? _process;

    private readonly IReadOnlyDictionary<string, string> _settings;

    private TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PostgresEngine(string data, int port, string password, IReadOnlyDictionary<string, string>? settings, Action<string>? log, Action<int>? started) =>
        (_data, Port, Password, _settings, _log, _started) = (data, port, password, settings ?? new Dictionary<string, string>(StringComparer.Ordinal), log ?? (_ => { }), started);

    /// <summary>TCP port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Password of the superuser <c>postgres</c>; made once per data folder.</summary>
    public string Password { get; }

    /// <summary>Id of the server's main process, or null when it does not run.</summary>
    public int? ProcessId => _process is { HasExited: false } p ? p.Id : null;

    /// <summary>Completes with the exit code when the server that was started last has ended.</summary>
    public Task<int> Exited => _ended.Task;

    /// <summary>Npgsql connection string without a database.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port.ToString(CultureInfo.InvariantCulture)};Username=postgres;Password={Password}";

    /// <summary>Folder of the newest installed server binaries, or null when PostgreSQL is not installed.</summary>
    public static string? Binaries { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin"))
            .Where(d => File.Exists(Path.Combine(d, "postgres"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    /// <summary>Creates the data folder on first use, starts the server and waits until it accepts connections.</summary>
    /// <param name="folder">Holds the data folder and the password.</param>
    /// <param name="port">Port to listen on; a free one when null.</param>
    /// <param name="log">Receives the server's output.</param>
    /// <param name="settings">Further server settings by name.</param>
    /// <param name="password">The superuser's password; one is made up, and kept, when null.</param>
    /// <param name="started">Receives the id of the server's process as soon as there is one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EngineException">PostgreSQL is not installed, or does not start.</exception>
    public static async Task<PostgresEngine> StartAsync(string folder, int? port = null, Action<string>? log = null,
        IReadOnlyDictionary<string, string>? settings = null, string? password = null, Action<int>? started = null, CancellationToken cancellationToken = default)
    {
        if (Binaries is null) throw new EngineException("PostgreSQL is not installed (Debian package postgresql)");
        folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(folder);
        var secret = Path.Combine(folder, "password");
        var data = Path.Combine(folder, "data");
        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
        {
            EnginePassword.Write(secret, password);
            await EngineProcess.OwnAsync(folder, "postgres", cancellationToken);
            await EngineProcess.RunAsync(EngineProcess.Command("postgres", Path.Combine(Binaries, "initdb"),
                "-D", data, "-U", "postgres", "-A", "scram-sha-256", $"--pwfile={secret}", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"), cancellationToken);
        }
        var known = await EnginePassword.ReadAsync(secret, password, cancellationToken);
        var engine = new PostgresEngine(data, port ?? EngineProcess.FreePort(), known, settings, log, started);
        await engine.StartAsync(cancellationToken);
        return engine;
    }

    /// <summary>Starts the server again after <see cref="Kill"/> or <see cref="StopAsync"/>, on the same port.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        File.Delete(Path.Combine(_data, "postmaster.pid"));
        _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = EngineProcess.Start(EngineProcess.Command("postgres", Path.Combine(Binaries!, "postgres"), ["-D", _data,
            "-p", Port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
            .. new[] { "max_connections=300", "shared_buffers=128MB", "wal_level=logical", "max_wal_size=2GB" }
                .Concat(_settings.Select(s => $"{s.Key}={s.Value}")).SelectMany(s => new[] { "-c", s })]), _log, _ended);
        _started?.Invoke(_process.Id);
        while (!await AnswersAsync(cancellationToken))
        {
            if (_process.HasExited) throw new EngineException($"PostgreSQL ended with {_process.ExitCode} while starting; its log is with the resource's logs");
            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>Ends the server as a power failure would (SIGKILL to all of its processes).</summary>
    public void Kill()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
    }

    /// <summary>A fast, clean shutdown.</summary>
    public async Task StopAsync()
    {
        if (_process is not { HasExited: false } process) return;
        Signals.Send(process.Id, Signal.Interrupt);
        await process.WaitForExitAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port, cancellationToken);
            var probe = Binaries is null ? null : EngineProcess.Command(user: null, Path.Combine(Binaries, "pg_isready"), "-q", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture));
            if (probe is not null) await EngineProcess.RunAsync(probe, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is SocketException or EngineException)
        {
            return false;
        }
    }
}
