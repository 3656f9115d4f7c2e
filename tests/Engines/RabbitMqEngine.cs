using System.Net.Sockets;

namespace Conductor.Engines;

/// <summary>A private RabbitMQ broker, with an epmd of its own, on the loopback address.</summary>
public sealed class RabbitMqEngine : IAsyncDisposable
{
    private const string Password = "engine-of-a-test";
    private readonly int _port;
    private readonly EngineProcess _process;

    private RabbitMqEngine(string folder, int port)
    {
        _port = port;
        _process = new EngineProcess("rabbitmq.sh", folder, [folder, $"{port}", $"{FreePort.Next()}", $"{FreePort.Next()}"], AnswersAsync);
    }

    /// <summary><c>amqp://guest:…@127.0.0.1:port</c></summary>
    public string ConnectionString => $"amqp://guest:{Password}@127.0.0.1:{_port}";

    /// <param name="folder">Holds what the broker keeps; made on first use.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EngineException">RabbitMQ is not installed, or does not start.</exception>
    public static async Task<RabbitMqEngine> StartAsync(string folder, CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), Password, cancellationToken);
        var engine = new RabbitMqEngine(folder, FreePort.Next());
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

    /// <summary>A clean shutdown of the broker; its epmd ends as well.</summary>
    public Task StopAsync() => _process.StopAsync();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _port, cancellationToken);
            await using var stream = client.GetStream();
            await stream.WriteAsync("AMQP\0\0\x09\x01"u8.ToArray(), cancellationToken);
            // Connection.Start is a method frame (1) on channel 0: AMQP 0-9-1, section 4.2.3.
            var frame = new byte[1];
            return await stream.ReadAsync(frame, cancellationToken) == 1 && frame[0] == 1;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }
}
