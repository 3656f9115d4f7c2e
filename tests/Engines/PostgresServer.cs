using Npgsql;
using Xunit;

namespace Conductor.Engines;

/// <summary>
/// One PostgreSQL server for a test assembly (<c>[assembly: AssemblyFixture(typeof(PostgresServer))]</c>), private, or the one
/// that CONDUCTOR_TEST_POSTGRES names. Tests take a database of their own from it, and skip with the reason where there is none.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "conductor-tests", Guid.NewGuid().ToString("N"));
    private PostgresEngine? _engine;
    private string? _connectionString;
    private string? _why;

    public async ValueTask InitializeAsync()
    {
        _connectionString = Environment.GetEnvironmentVariable("CONDUCTOR_TEST_POSTGRES");
        if (!string.IsNullOrEmpty(_connectionString)) return;
        try
        {
            // A test server's data need not survive a power failure.
            _engine = await PostgresEngine.StartAsync(Path.Combine(_folder, "postgres"),
                settings: new Dictionary<string, string>(StringComparer.Ordinal) { ["fsync"] = "off", ["full_page_writes"] = "off" });
            _connectionString = _engine.ConnectionString;
        }
        catch (EngineException e)
        {
            _why = e.Message;
        }
    }

    /// <summary>Creates an empty database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        Assert.SkipWhen(_connectionString is null, _why ?? "no PostgreSQL");
        var name = "t" + Guid.NewGuid().ToString("N");
        await using var source = NpgsqlDataSource.Create(_connectionString + ";Database=postgres;Pooling=false");
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync();
        return $"{_connectionString};Database={name};Maximum Pool Size=40";
    }

    /// <summary>
    /// Ends the server as a power failure would, and starts it again on the same address. Skips the running test where the server is not ours.
    /// Only for assemblies whose tests run one after the other.
    /// </summary>
    public async Task KillAndStartAsync(CancellationToken cancellationToken)
    {
        Assert.SkipWhen(_engine is null, _why ?? "CONDUCTOR_TEST_POSTGRES names a server that is not ours to kill");
        _engine!.Kill();
        await _engine.StartAsync(cancellationToken);
    }

    /// <summary>
    /// Ends the server as a power failure would. Skips the running test where it is not ours; for assemblies and classes with a server of their own.
    /// </summary>
    public void Kill() => Own.Kill();

    /// <summary>Starts it again on the same address.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Own.StartAsync(cancellationToken);

    /// <summary>Stops all of its processes where they are, until <see cref="Thaw"/>.</summary>
    public void Freeze() => Own.Freeze();

    /// <summary>Lets a frozen server go on.</summary>
    public void Thaw() => Own.Thaw();

    private PostgresEngine Own
    {
        get
        {
            Assert.SkipWhen(_engine is null, _why ?? "the server is not ours");
            return _engine!;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is null) return;
        await _engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
