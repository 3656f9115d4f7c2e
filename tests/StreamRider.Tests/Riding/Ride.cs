using Conductor.Domain.Streams.Brokers;
using Conductor.Kafka;
using Conductor.Postgres.Migrations;
using Conductor.Postgres.Outbox;
using Conductor.Postgres.Streams;
using Conductor.RabbitMqStreams;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using IHost = Microsoft.Extensions.Hosting.IHost;

namespace Conductor.StreamRider.Tests.Riding;

/// <summary>A service on a bus with a rider, over RabbitMQ's streams or Kafka, and PostgreSQL.</summary>
internal sealed class Ride : IAsyncDisposable
{
    private readonly IHost _host;

    private Ride(IHost host, NpgsqlDataSource source) => (_host, Source) = (host, source);

    public NpgsqlDataSource Source { get; }

    public IServiceProvider Services => _host.Services;

    public Seen Seen => Services.GetRequiredService<Seen>();

    public IStreamBroker Broker => Services.GetRequiredService<IStreamBroker>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<Ride> StartAsync(RideSetup setup)
    {
        var host = Build(setup);
        // MassTransit's log is ambient: it must not flow from one service of a test to the next.
        Task starting;
        using (ExecutionContext.SuppressFlow()) starting = Task.Run(() => host.StartAsync(Cancel), Cancel);
        await starting;
        return new(host, NpgsqlDataSource.Create(setup.ConnectionString));
    }

    /// <summary>Produces as a request would.</summary>
    public async Task ProduceAsync<TKey, T>(string topic, TKey key, T message, IPipe<KafkaSendContext<TKey, T>>? pipe = null)
        where T : class
    {
        await using var scope = Services.CreateAsyncScope();
        var producer = scope.ServiceProvider.GetRequiredService<ITopicProducerProvider>().GetProducer<TKey, T>(new Uri($"topic:{topic}"));
        await producer.Produce(key, message, pipe ?? Pipe.Empty<KafkaSendContext<TKey, T>>(), Cancel);
    }

    public Task StopAsync() => _host.StopAsync(Cancel);

    public async Task<long> CountAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
        await Source.DisposeAsync();
    }

    private static IHost Build(RideSetup setup)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:rides"] = setup.ConnectionString });
        var level = Environment.GetEnvironmentVariable("CONDUCTOR_TEST_LOG") is null ? LogLevel.None : LogLevel.Warning;
        builder.Logging.ClearProviders().SetMinimumLevel(level).AddSimpleConsole();
        builder.Services.AddSingleton<Seen>();
        builder.Services.AddDbContext<EffectsDb>(db => db.UseNpgsql(setup.ConnectionString));
        builder.Services.AddPostgres("rides");
        builder.Services.AddSingleton<IStreamBroker>(provider => setup.Kafka is { } servers
            ? new KafkaStreamBroker(new() { BootstrapServers = servers }, TimeProvider.System)
            : new RabbitMqStreamBroker(new() { Address = new(setup.RabbitMq), Lease = TimeSpan.FromSeconds(2) },
                new PostgresTopicStore(provider.GetRequiredService<NpgsqlDataSource>(), StreamTables.DefaultSchema),
                new PostgresGroupStore(provider.GetRequiredService<NpgsqlDataSource>(), StreamTables.DefaultSchema), TimeProvider.System));
        builder.Services.Configure<MassTransitHostOptions>(host => (host.WaitUntilStarted, host.ConsumerStopTimeout) = (true, TimeSpan.FromSeconds(1)));
        setup.Services?.Invoke(builder.Services);
        builder.Services.AddMassTransit(x => Register(x, setup));
        return builder.Build();
    }

    private static void Register(IBusRegistrationConfigurator x, RideSetup setup)
    {
        x.DisableUsageTelemetry();
        x.AddPostgresOutbox<EffectsDb>(o =>
        {
            (o.ConnectionName, o.Schema) = ("rides", "app");
            setup.Options?.Invoke(o);
        });
        x.AddRider(rider =>
        {
            setup.Register?.Invoke(rider);
            if (setup.Kafka is null)
                rider.UsingStreams(provider => provider.GetRequiredService<IStreamBroker>(), (context, k) => setup.Topics?.Invoke(context, k));
            else
                rider.UsingKafka((context, k) =>
                {
                    k.Host(setup.Kafka);
                    setup.Topics?.Invoke(context, k);
                });
        });
        setup.Bus?.Invoke(x);
        if (setup.OnRabbitMq) x.UsingRabbitMq((_, bus) => bus.Host(new Uri(setup.RabbitMq)));
        else x.UsingInMemory();
    }
}
