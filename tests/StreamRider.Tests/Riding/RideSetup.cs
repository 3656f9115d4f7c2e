using Conductor.Engines;
using Conductor.Postgres.Migrations;
using Conductor.Postgres.Outbox;
using Conductor.Postgres.Streams;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Conductor.StreamRider.Tests.Riding;

/// <summary>What a test's service is made of.</summary>
internal sealed record RideSetup(string ConnectionString, string RabbitMq)
{
    /// <summary>A topic of the test's own, for <see cref="OrderPlaced"/>.</summary>
    public string Topic { get; init; } = "orders-" + Guid.NewGuid().ToString("N")[..8];

    /// <summary>A second one, for <see cref="OrderShipped"/>.</summary>
    public string Shipped => Topic + ".shipped";

    public bool OnRabbitMq { get; init; }

    /// <summary>Kafka's servers, where the topics are there; RabbitMQ's streams where null.</summary>
    public string? Kafka { get; init; }

    public Action<IRiderRegistrationConfigurator>? Register { get; init; }

    public Action<IRiderRegistrationContext, IKafkaFactoryConfigurator>? Topics { get; init; }

    public Action<IServiceCollection>? Services { get; init; }

    public Action<IBusRegistrationConfigurator>? Bus { get; init; }

    public Action<OutboxOptions>? Options { get; init; }

    public static async Task<RideSetup> CreateAsync(PostgresServer postgres, RabbitMqServer rabbitMq)
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(connectionString);
        await StreamTables.ApplyAsync(source, StreamTables.DefaultSchema, cancellationToken: TestContext.Current.CancellationToken);
        await Migrator.ApplyMessagingAsync(source, "app", TestContext.Current.CancellationToken);
        await using var tables = source.CreateCommand(EffectsDb.Tables);
        await tables.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return new(connectionString, rabbitMq.ConnectionString);
    }

    /// <summary>Consumes <see cref="Topic"/> with <see cref="OrderPlacedConsumer"/> in the group <c>g</c>.</summary>
    public RideSetup Consuming(Action<IKafkaTopicReceiveEndpointConfigurator<string, OrderPlaced>>? configure = null, ushort partitions = 1) => this with
    {
        Register = rider => rider.AddConsumer<OrderPlacedConsumer>(),
        Topics = (context, k) => k.TopicEndpoint<string, OrderPlaced>(Topic, "g", e =>
        {
            e.CreateIfMissing(t => t.NumPartitions = partitions);
            configure?.Invoke(e);
            e.ConfigureConsumer<OrderPlacedConsumer>(context);
        }),
    };

    /// <summary>Consumes <see cref="Topic"/> with <see cref="EffectConsumer"/>, inbox and outbox in the group <c>g</c>.</summary>
    public RideSetup WithEffects(
        Action<IRiderRegistrationConfigurator>? register = null, Action<IKafkaTopicReceiveEndpointConfigurator<string, OrderPlaced>>? configure = null,
        ushort partitions = 1) => this with
    {
        Register = rider =>
        {
            rider.AddConsumer<EffectConsumer>();
            register?.Invoke(rider);
        },
        Topics = (context, k) => k.TopicEndpoint<string, OrderPlaced>(Topic, "g", e =>
        {
            e.CreateIfMissing(t => t.NumPartitions = partitions);
            configure?.Invoke(e);
            e.UsePostgresOutbox<EffectsDb>(context);
            e.ConfigureConsumer<EffectConsumer>(context);
        }),
    };
}
