using System.Net.Sockets;

namespace Conductor.Engines;

/// <summary>A private one-node Kafka broker on the loopback address.</summary>
public sealed class KafkaEngine : IAsyncDisposable
{
    private readonly int _port;
    private readonly EngineProcess _process;

    private KafkaEngine(string home, string folder, int port, IEnumerable<string> settings)
    {
        _port = port;
        _process = new EngineProcess("kafka.sh", folder, [home, folder, $"{port}", $"{FreePort.Next()}", .. settings], AnswersAsync);
    }

    /// <summary>The folder of a Kafka distribution: KAFKA_HOME, or the one that comes with the shared test data; null where there is none.</summary>
    public static string? Home
    {
        get
        {
            if (Environment.GetEnvironmentVariable("KAFKA_HOME") is { Length: > 0 } named) return named;
            var shared = Environment.GetEnvironmentVariable("CONDUCTOR_SHARED");
            return !string.IsNullOrEmpty(shared) && Directory.Exists(Path.Combine(shared, "kafka", "libs")) ? Path.Combine(shared, "kafka") : null;
        }
    }

    /// <summary><c>127.0.0.1:port</c></summary>
    public string ConnectionString => $"127.0.0.1:{_port}";

    /// <param name="folder">Holds what the broker keeps; made on first use.</param>
    /// <param name="settings">Further settings of the broker by name; <c>{port}</c> in a value stands for its port.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EngineException">There is no Kafka here, or it does not start.</exception>
    public static async Task<KafkaEngine> StartAsync(
        string folder, IReadOnlyDictionary<string, string>? settings = null, CancellationToken cancellationToken = default)
    {
        var home = Home ?? throw new EngineException("there is no Kafka here: KAFKA_HOME names no distribution");
        Directory.CreateDirectory(folder);
        var port = FreePort.Next();
        var lines = (settings ?? new Dictionary<string, string>(StringComparer.Ordinal))
            .Select(s => $"{s.Key}={s.Value.Replace("{port}", $"{port}", StringComparison.Ordinal)}");
        var engine = new KafkaEngine(home, folder, port, lines);
        await engine.StartAsync(cancellationToken);
        return engine;
    }

    /// <summary>Starts the broker again after <see cref="Kill"/> or <see cref="StopAsync"/>, on the same port.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => _process.StartAsync(cancellationToken);

    /// <summary>Ends the broker as a power failure would.</summary>
    public void Kill() => _process.Kill();

    /// <inheritdoc cref="EngineProcess.Freeze" />
    public void Freeze() => _process.Freeze();

    /// <inheritdoc cref="EngineProcess.Thaw" />
    public void Thaw() => _process.Thaw();

    /// <summary>A clean shutdown.</summary>
    public Task StopAsync() => _process.StopAsync();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    // It listens when it has joined its cluster of one.
    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
