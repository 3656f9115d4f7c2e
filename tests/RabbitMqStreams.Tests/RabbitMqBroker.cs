using Conductor.Domain.Streams.Brokers;
using Conductor.Engines;
using Conductor.Postgres.Streams;
using Conductor.RabbitMqStreams.Tests;
using Conductor.StreamContract;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(RabbitMqServer))]

namespace Conductor.RabbitMqStreams.Tests;

/// <summary>The RabbitMQ adapter on real engines, for the contract suite.</summary>
public sealed class RabbitMqBroker(PostgresServer postgres, RabbitMqServer rabbitMq) : IBrokerUnderTest, IAsyncLifetime
{
    private NpgsqlDataSource? _source;
    private RabbitMqStreamBroker? _broker;

    public TimeSpan Lease { get; } = TimeSpan.FromSeconds(2);

    public async Task<IStreamBroker> GetAsync()
    {
        if (_broker is not null) return _broker;
        var options = new RabbitMqStreamOptions { Address = new Uri(rabbitMq.ConnectionString), Lease = Lease };
        _source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await StreamTables.ApplyAsync(_source, StreamTables.DefaultSchema);
        return _broker = new RabbitMqStreamBroker(options, new PostgresTopicStore(_source, StreamTables.DefaultSchema),
            new PostgresGroupStore(_source, StreamTables.DefaultSchema), TimeProvider.System);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null) await _broker.DisposeAsync();
        if (_source is not null) await _source.DisposeAsync();
    }
}

[Integration]
public sealed class RabbitMqTopicTests(RabbitMqBroker broker) : TopicContract(broker), IClassFixture<RabbitMqBroker>;

[Integration]
public sealed class RabbitMqProduceAndReadTests(RabbitMqBroker broker) : ProduceAndReadContract(broker), IClassFixture<RabbitMqBroker>;

[Integration]
public sealed class RabbitMqGroupTests(RabbitMqBroker broker) : GroupContract(broker), IClassFixture<RabbitMqBroker>;

[Integration]
public sealed class RabbitMqSeekTests(RabbitMqBroker broker) : SeekContract(broker), IClassFixture<RabbitMqBroker>;
