using System.Globalization;
using Npgsql;

namespace Conductor.Engines;

/// <summary>A private PostgreSQL server on the loopback address.</summary>
public sealed class PostgresEngine : IAsyncDisposable
{
    private const string Password = "engine-of-a-test";
    private readonly string _folder;
    private readonly EngineProcess _process;

    private PostgresEngine(string folder, int port, IEnumerable<string> settings)
    {
        _folder = folder;
        ConnectionString = $"Host=127.0.0.1;Port={port};Username=postgres;Password={Password}";
        _process = new EngineProcess("postgres.sh", folder, [folder, $"{port}", .. settings], AnswersAsync);
    }

    /// <summary>Npgsql connection string without a database.</summary>
    public string ConnectionString { get; }

    /// <param name="folder">Holds what the server keeps; made on first use.</param>
    /// <param name="settings">Further server settings by name.</param>
    /// <exception cref="EngineException">PostgreSQL is not installed, or does not start.</exception>
    public static async Task<PostgresEngine> StartAsync(
        string folder, IReadOnlyDictionary<string, string>? settings = null, CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), Password, cancellationToken);
        var engine = new PostgresEngine(folder, FreePort.Next(), (settings ?? new Dictionary<string, string>()).Select(s => $"{s.Key}={s.Value}"));
        await engine.StartAsync(cancellationToken);
        return engine;
    }

    /// <summary>Starts the server again after <see cref="Kill"/> or <see cref="StopAsync"/>, on the same port.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => _process.StartAsync(cancellationToken);

    /// <summary>Ends the server as a power failure would.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Ends the server's main process alone (SIGKILL), as a lack of memory would, and waits until its script has cleaned up.</summary>
    public Task KillMainProcessAsync(CancellationToken cancellationToken) =>
        _process.KillAsync(int.Parse(File.ReadLines(Path.Combine(_folder, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture), cancellationToken);

    /// <inheritdoc cref="EngineProcess.Freeze" />
    public void Freeze() => _process.Freeze();

    /// <inheritdoc cref="EngineProcess.Thaw" />
    public void Thaw() => _process.Thaw();

    /// <summary>A fast, clean shutdown.</summary>
    public Task StopAsync() => _process.StopAsync();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString + ";Database=postgres;Pooling=false");
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
