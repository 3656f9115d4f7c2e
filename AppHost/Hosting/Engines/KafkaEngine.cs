using System.Diagnostics;
using System.Net.Sockets;
using Conductor.Hosting.Processes;

namespace Conductor.Hosting.Engines;

/// <summary>A private one-node Kafka broker (KRaft) on the loopback address, as a child process, from a Kafka distribution.</summary>
public sealed class KafkaEngine : IAsyncDisposable
{
    private readonly string _home;
    private readonly string _folder;
    private readonly int _controllerPort = EngineProcess.FreePort();
    private readonly Action<string> _log;
    private readonly Action<int>? _started;
    private readonly TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _process;

    private KafkaEngine(string home, string folder, int port, Action<string> log, Action<int>? started) =>
        (_home, _folder, Port, _log, _started) = (home, folder, port, log, started);

    /// <summary>Port for clients on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>Id of the broker's process, or null when it does not run.</summary>
    public int? ProcessId => _process is { HasExited: false } p ? p.Id : null;

    /// <summary>Completes with the exit code when the broker has ended.</summary>
    public Task<int> Exited => _ended.Task;

    private static string User => "nobody";

    /// <summary>Why the folder cannot be used as a Kafka distribution; null when it can.</summary>
    public static string? Problem(string? home) => home switch
    {
        null or "" => "KAFKA_HOME is not set; point it to a Kafka distribution to run a broker here",
        _ when !Directory.Exists(Path.Combine(home, "libs")) => $"KAFKA_HOME={home} has no libs folder",
        _ => null,
    };

    /// <summary>Formats the data folder on first use, starts the broker and waits until it accepts connections.</summary>
    /// <param name="home">The distribution: its <c>libs</c> folder holds the broker.</param>
    /// <param name="folder">Holds the broker's data and configuration.</param>
    /// <param name="port">Port for clients.</param>
    /// <param name="log">Receives the broker's output.</param>
    /// <param name="started">Receives the id of the broker's process as soon as there is one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EngineException">The broker does not start.</exception>
    public static async Task<KafkaEngine> StartAsync(string home, string folder, int port, Action<string>? log = null, Action<int>? started = null, CancellationToken cancellationToken = default)
    {
        var engine = new KafkaEngine(home, Path.GetFullPath(folder), port, log ?? (_ => { }), started);
        await engine.PrepareAsync(cancellationToken);
        await engine.StartAsync(cancellationToken);
        return engine;
    }

    /// <summary>A clean shutdown.</summary>
    public async Task StopAsync()
    {
        if (_process is not { HasExited: false } process) return;
        Signals.Send(process.Id, Signal.Terminate);
        await process.WaitForExitAsync();
    }

    /// <summary>Ends the broker as a power failure would (SIGKILL).</summary>
    public void Kill() => _process?.Kill(entireProcessTree: true);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var properties = Path.Combine(_folder, "server.properties");
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(properties, KafkaProperties.Broker(_folder, Port, _controllerPort), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "log4j2.properties"), KafkaProperties.Logging, cancellationToken);
        await EngineProcess.OwnAsync(_folder, User, "nogroup", cancellationToken);
        if (File.Exists(Path.Combine(_folder, "data", "meta.properties"))) return;
        // Kafka's cluster ids are 16 random bytes in URL-safe base 64.
        var cluster = Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        await EngineProcess.RunAsync(Java("kafka.tools.StorageTool", "format", "-t", cluster, "-c", properties), cancellationToken);
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        _process = EngineProcess.Start(Java("kafka.Kafka", Path.Combine(_folder, "server.properties")), _log, _ended);
        _started?.Invoke(_process.Id);
        while (!await AnswersAsync(cancellationToken))
        {
            if (_process.HasExited) throw new EngineException($"Kafka ended with {_process.ExitCode} while starting; its log is with the resource's logs");
            await Task.Delay(100, cancellationToken);
        }
    }

    private ProcessStartInfo Java(params IEnumerable<string> arguments) => EngineProcess.Command(User, "java",
        ["-Xmx512m", $"-Dlog4j2.configurationFile={Path.Combine(_folder, "log4j2.properties")}", "-cp", Path.Combine(_home, "libs", "*"), .. arguments]);

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
