using Xunit;

namespace Conductor.Engines;

/// <summary>
/// One Kafka broker for a test assembly (<c>[assembly: AssemblyFixture(typeof(KafkaServer))]</c>), private, or the one that CONDUCTOR_TEST_KAFKA
/// names. Tests use topics of their own on it, and skip with the reason where there is none.
/// </summary>
public sealed class KafkaServer : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "conductor-tests", Guid.NewGuid().ToString("N"));
    private KafkaEngine? _engine;
    private string? _connectionString;
    private string? _why;

    /// <summary>Bootstrap servers. Skips the running test where there is no broker.</summary>
    public string ConnectionString
    {
        get
        {
            Assert.SkipWhen(_connectionString is null, _why ?? "no Kafka");
            return _connectionString!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _connectionString = Environment.GetEnvironmentVariable("CONDUCTOR_TEST_KAFKA");
        if (!string.IsNullOrEmpty(_connectionString)) return;
        try
        {
            // Members that vanish are missed sooner than the usual six seconds, and retention looks for what is old each second.
            _engine = await KafkaEngine.StartAsync(Path.Combine(_folder, "kafka"), new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["group.min.session.timeout.ms"] = "1000", ["log.retention.check.interval.ms"] = "1000",
            });
            _connectionString = _engine.ConnectionString;
        }
        catch (EngineException e)
        {
            _why = e.Message;
        }
    }

    /// <summary>
    /// Ends the broker as a power failure would, and starts it again on the same address. Skips the running test where the broker is not ours.
    /// Only for assemblies whose tests run one after the other.
    /// </summary>
    public async Task KillAndStartAsync(CancellationToken cancellationToken)
    {
        Kill();
        await StartAsync(cancellationToken);
    }

    /// <summary>
    /// Ends the broker as a power failure would. Skips the running test where it is not ours; for assemblies and classes with a broker of their own.
    /// </summary>
    public void Kill() => Own.Kill();

    /// <summary>Starts it again on the same address.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Own.StartAsync(cancellationToken);

    /// <summary>Stops all of its processes where they are, until <see cref="Thaw"/>.</summary>
    public void Freeze() => Own.Freeze();

    /// <summary>Lets a frozen broker go on.</summary>
    public void Thaw() => Own.Thaw();

    private KafkaEngine Own
    {
        get
        {
            Assert.SkipWhen(_engine is null, _why ?? "the broker is not ours");
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
