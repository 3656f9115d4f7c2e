using Conductor.Domain.Streams.Brokers;
using Conductor.Engines;
using Conductor.Kafka.Tests;
using Conductor.Postgres.Streams;
using Conductor.StreamContract;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(KafkaServer))]

namespace Conductor.Kafka.Tests;

/// <summary>The Kafka adapter on real engines, for the contract suite.</summary>
public sealed class KafkaBroker(PostgresServer postgres, KafkaServer kafka) : IBrokerUnderTest, IAsyncLifetime
{
    private NpgsqlDataSource? _source;
    private KafkaStreamBroker? _broker;

    public TimeSpan Lease { get; } = TimeSpan.FromSeconds(2);

    public async Task<IStreamBroker> GetAsync()
    {
        if (_broker is not null) return _broker;
        var options = new KafkaStreamOptions { BootstrapServers = kafka.ConnectionString, Lease = Lease };
        _source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await StreamTables.ApplyAsync(_source, StreamTables.DefaultSchema);
        return _broker = new KafkaStreamBroker(options, TimeProvider.System, new PostgresGroupStore(_source, StreamTables.DefaultSchema));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _broker?.Dispose();
        if (_source is not null) await _source.DisposeAsync();
    }
}

[Integration]
public sealed class KafkaTopicTests(KafkaBroker broker) : TopicContract(broker), IClassFixture<KafkaBroker>;

[Integration]
public sealed class KafkaProduceAndReadTests(KafkaBroker broker) : ProduceAndReadContract(broker), IClassFixture<KafkaBroker>;

[Integration]
public sealed class KafkaGroupTests(KafkaBroker broker) : GroupContract(broker), IClassFixture<KafkaBroker>;

[Integration]
public sealed class KafkaSeekTests(KafkaBroker broker) : SeekContract(broker), IClassFixture<KafkaBroker>;
