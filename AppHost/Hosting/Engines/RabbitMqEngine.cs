using System.Diagnostics;
using System.Globalization;
using Conductor.Hosting.Processes;

namespace Conductor.Hosting.Engines;

/// <summary>A private RabbitMQ broker (with an epmd of its own) on the loopback address, as child processes.</summary>
public sealed class RabbitMqEngine : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Action<string> _log;
    private readonly int _epmdPort = EngineProcess.FreePort();
    private readonly int _distributionPort = EngineProcess.FreePort();
    private readonly Action<int>? _started;
    private TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _epmd;
    private Process? _process;

    private RabbitMqEngine(string folder, int port, string password, Action<string> log, Action<int>? started) =>
        (_folder, Port, Password, _log, _started) = (folder, port, password, log, started);

    /// <summary>AMQP port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Password of the user <c>guest</c>; made once per folder.</summary>
    public string Password { get; }

    /// <summary>Id of the broker's process, or null when it does not run.</summary>
    public int? ProcessId => _process is { HasExited: false } p ? p.Id : null;

    /// <summary>Ids of all processes of this engine that run.</summary>
    public IEnumerable<int> ProcessIds => new[] { _process, _epmd }.Where(p => p is { HasExited: false }).Select(p => p!.Id);

    /// <summary>Completes with the exit code when the broker that was started last has ended.</summary>
    public Task<int> Exited => _ended.Task;

    /// <summary><c>amqp://guest:…@127.0.0.1:port</c></summary>
    public string ConnectionString => $"amqp://guest:{Password}@127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Whether the broker's program is on this machine.</summary>
    public static bool IsInstalled { get; } = RabbitMqProgram.IsInstalled;

    /// <summary>Prepares the folder on first use, starts the broker and waits until it accepts connections.</summary>
    /// <param name="folder">Holds the broker's data, its configuration and the password.</param>
    /// <param name="port">AMQP port; a free one when null.</param>
    /// <param name="log">Receives the broker's output.</param>
    /// <param name="password">The password of <c>guest</c>; one is made up, and kept, when null.</param>
    /// <param name="started">Receives the id of each process as soon as there is one.</param>
    /// <param name="untilItAnswers">Whether to wait until clients can connect, or only until its process runs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EngineException">RabbitMQ is not installed, or does not start.</exception>
    public static async Task<RabbitMqEngine> StartAsync(string folder, int? port = null, Action<string>? log = null,
        string? password = null, Action<int>? started = null, bool untilItAnswers = true, CancellationToken cancellationToken = default)
    {
        if (!IsInstalled) throw new EngineException("RabbitMQ is not installed (Debian package rabbitmq-server)");
        folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(folder);
        var secret = Path.Combine(folder, "password");
        if (!File.Exists(secret)) EnginePassword.Write(secret, password);
        var known = await EnginePassword.ReadAsync(secret, password, cancellationToken);
        var engine = new RabbitMqEngine(folder, port ?? EngineProcess.FreePort(), known, log ?? (_ => { }), started);
        await engine.BeginAsync(cancellationToken);
        if (untilItAnswers) await engine.AnswersAsync(cancellationToken);
        return engine;
    }

    /// <summary>Starts the broker again after <see cref="Kill"/> or <see cref="StopAsync"/>, on the same port.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await BeginAsync(cancellationToken);
        await AnswersAsync(cancellationToken);
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
            Signals.Send(process.Id, Signal.Terminate);
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

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        OwnerOnlyFile.Write(Path.Combine(_folder, "rabbitmq.conf"), RabbitMqProgram.Configuration(Port, Password));
        await File.WriteAllTextAsync(Path.Combine(_folder, "enabled_plugins"), "[].", cancellationToken);
        RabbitMqApplications.Link(Path.Combine(_folder, "applications"), RabbitMqApplications.Installed());
        await EngineProcess.OwnAsync(_folder, "rabbitmq", cancellationToken);
        _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_epmd is not { HasExited: false })
        {
            _epmd = EngineProcess.Start(RabbitMqProgram.Epmd(_epmdPort), _log);
            _started?.Invoke(_epmd.Id);
        }
        _process = EngineProcess.Start(RabbitMqProgram.Broker(_folder, _epmdPort, _distributionPort), _log, _ended);
        _started?.Invoke(_process.Id);
    }

    private async Task AnswersAsync(CancellationToken cancellationToken)
    {
        while (!await AmqpProbe.AnswersAsync(Port, cancellationToken))
        {
            if (_process is { HasExited: true }) throw new EngineException($"RabbitMQ ended with {_process.ExitCode} while starting; its log is with the resource's logs");
            await Task.Delay(100, cancellationToken);
        }
    }
}
