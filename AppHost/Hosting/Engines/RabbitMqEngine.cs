using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Conductor.Hosting.Engines;

/// <summary>A private RabbitMQ broker (with an epmd of its own) on the loopback address, as child processes.</summary>
public sealed class RabbitMqEngine : IAsyncDisposable
{
    private const string Scripts = "/usr/lib/rabbitmq/bin";
    private readonly string _folder;
    private readonly Action<string> _log;
    private readonly int _epmdPort = EngineProcess.FreePort();
    private readonly int _distributionPort = EngineProcess.FreePort();
    private Process? _epmd;
    private Process? _process;

    private RabbitMqEngine(string folder, int port, string password, Action<string> log) => (_folder, Port, Password, _log) = (folder, port, password, log);

    /// <summary>AMQP port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Password of the user <c>guest</c>; made once per folder.</summary>
    public string Password { get; }

    /// <summary>Id of the broker's process, or null when it does not run.</summary>
    public int? ProcessId => _process is { HasExited: false } p ? p.Id : null;

    /// <summary>Ids of all processes of this engine that run.</summary>
    public IEnumerable<int> ProcessIds => new[] { _process, _epmd }.Where(p => p is { HasExited: false }).Select(p => p!.Id);

    /// <summary><c>amqp://guest:…@127.0.0.1:port</c></summary>
    public string ConnectionString => $"amqp://guest:{Password}@127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Whether the broker's program is on this machine.</summary>
    public static bool IsInstalled { get; } = File.Exists(Path.Combine(Scripts, "rabbitmq-server"));

    /// <summary>Prepares the folder on first use, starts the broker and waits until it accepts connections.</summary>
    /// <exception cref="EngineException">RabbitMQ is not installed, or does not start.</exception>
    public static async Task<RabbitMqEngine> StartAsync(string folder, int? port = null, Action<string>? log = null, CancellationToken cancellationToken = default)
    {
        if (!IsInstalled) throw new EngineException("RabbitMQ is not installed (Debian package rabbitmq-server)");
        folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(folder);
        var secret = Path.Combine(folder, "password");
        if (!File.Exists(secret)) await File.WriteAllTextAsync(secret, Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), cancellationToken);
        var engine = new RabbitMqEngine(folder, port ?? EngineProcess.FreePort(), await File.ReadAllTextAsync(secret, cancellationToken), log ?? (_ => { }));
        await engine.StartAsync(cancellationToken);
        return engine;
    }

    /// <summary>Starts the broker again after <see cref="Kill"/> or <see cref="StopAsync"/>, on the same port.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{Port}
            default_user = guest
            default_pass = {Password}
            loopback_users.guest = true
            log.console = true
            log.console.level = warning
            log.file = false
            vm_memory_high_watermark.absolute = 1GB
            disk_free_limit.absolute = 50MB
            queue_master_locator = client-local
            """, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "enabled_plugins"), "[].", cancellationToken);
        await EngineProcess.OwnAsync(_folder, "rabbitmq", cancellationToken);
        var path = Environment.GetEnvironmentVariable("PATH");
        if (_epmd is not { HasExited: false })
            _epmd = EngineProcess.Start(EngineProcess.Command("rabbitmq", "epmd", "-address", "127.0.0.1", "-port", _epmdPort.ToString(CultureInfo.InvariantCulture)), _log);
        var start = EngineProcess.Command("rabbitmq", Path.Combine(Scripts, "rabbitmq-server"));
        start.WorkingDirectory = _folder;
        start.Environment.Clear();
        foreach (var (name, value) in new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["PATH"] = path,
            ["HOME"] = _folder,
            ["LANG"] = "C.UTF-8",
            ["RABBITMQ_NODENAME"] = $"conductor{Port.ToString(CultureInfo.InvariantCulture)}@localhost",
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "enabled_plugins"),
            ["RABBITMQ_DIST_PORT"] = _distributionPort.ToString(CultureInfo.InvariantCulture),
            ["RABBITMQ_CTL_ERL_ARGS"] = "",
            // No busy waiting: an idle broker should cost nothing.
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-start_epmd false +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
            ["ERL_EPMD_PORT"] = _epmdPort.ToString(CultureInfo.InvariantCulture),
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        }) start.Environment[name] = value;
        _process = EngineProcess.Start(start, _log);
        while (!await AmqpProbe.AnswersAsync(Port, cancellationToken))
        {
            if (_process.HasExited) throw new EngineException($"RabbitMQ ended with {_process.ExitCode} while starting; its log is with the resource's logs");
            await Task.Delay(100, cancellationToken);
        }
    }

    /// <summary>Ends the broker as a power failure would (SIGKILL).</summary>
    public void Kill()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
    }

    /// <summary>A clean shutdown of the broker; its epmd ends as well.</summary>
    public async Task StopAsync()
    {
        if (_process is { HasExited: false } process)
        {
            EngineProcess.Signal(process.Id, "TERM");
            await process.WaitForExitAsync();
        }
        if (_epmd is { HasExited: false } epmd)
        {
            epmd.Kill();
            await epmd.WaitForExitAsync();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
        _epmd?.Dispose();
    }
}
