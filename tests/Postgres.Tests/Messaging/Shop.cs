using Conductor.Engines;
using Conductor.Postgres.Migrations;
using Conductor.Postgres.Outbox;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using IHost = Microsoft.Extensions.Hosting.IHost;

namespace Conductor.Postgres.Tests.Messaging;

/// <summary>A small service on a database and a broker: consumers with inbox and outbox, and a recorder of events without.</summary>
internal sealed class Shop : IAsyncDisposable
{
    private readonly IHost _host;

    private Shop(IHost host, NpgsqlDataSource source) => (_host, Source) = (host, source);

    public NpgsqlDataSource Source { get; }

    public IServiceProvider Services => _host.Services;

    public IBus Bus => Services.GetRequiredService<IBus>();

    public Calls Calls => Services.GetRequiredService<Calls>();

    public MessageOutbox Outbox => Services.GetRequiredService<MessageOutbox>();

    public PoisonMessages Poison => Services.GetRequiredService<PoisonMessages>();

    public static async Task<Shop> StartAsync(ShopSetup setup)
    {
        var source = NpgsqlDataSource.Create(setup.ConnectionString);
        var host = Build(setup);
        // MassTransit's log is ambient: it must not flow from one service of a test to the next.
        var cancel = TestContext.Current.CancellationToken;
        Task starting;
        using (ExecutionContext.SuppressFlow()) starting = Task.Run(() => host.StartAsync(cancel), cancel);
        await starting;
        return new(host, source);
    }

    public static async Task<string> CreateDatabaseAsync(PostgresServer postgres)
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(connectionString);
        await Migrator.ApplyMessagingAsync(source, "app", TestContext.Current.CancellationToken);
        await source.ScalarAsync(ShopDb.Tables);
        return connectionString;
    }

    public Task<long> OutboxRowsAsync() => CountAsync("SELECT count(*) FROM app.outbox");

    public Task<long> EffectsAsync(string what = "placed") => CountAsync($"SELECT count(*) FROM app.effects WHERE what = '{what}'");

    public async Task<long> CountAsync(string sql) => (long)(await Source.ScalarAsync(sql))!;

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        await Source.DisposeAsync();
    }

    private static IHost Build(ShopSetup setup)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:shop"] = setup.ConnectionString });
        builder.Logging.ClearProviders().SetMinimumLevel(Environment.GetEnvironmentVariable("CONDUCTOR_TEST_LOG") is null ? LogLevel.None : LogLevel.Warning)
            .AddSimpleConsole();
        builder.Services.AddSingleton<Calls>();
        builder.Services.AddDbContext<ShopDb>(db =>
        {
            db.UseNpgsql(setup.ConnectionString);
            setup.Db?.Invoke(db);
        });
        builder.Services.Configure<MassTransitHostOptions>(host => host.WaitUntilStarted = true);
        setup.Services?.Invoke(builder.Services);
        builder.Services.AddMassTransit(x => Register(x, setup));
        return builder.Build();
    }

    private static void Register(IBusRegistrationConfigurator x, ShopSetup setup)
    {
        x.DisableUsageTelemetry();
        x.SetEndpointNameFormatter(new KebabCaseEndpointNameFormatter(setup.Prefix, false));
        x.AddPostgresOutbox<ShopDb>(o =>
        {
            (o.ConnectionName, o.Schema) = ("shop", "app");
            setup.Options?.Invoke(o);
        });
        x.AddConfigureEndpointsCallback((context, name, endpoint) =>
        {
            setup.Endpoint?.Invoke(endpoint);
            if (!name.Contains("recorder", StringComparison.Ordinal)) endpoint.UsePostgresOutbox<ShopDb>(context);
        });
        setup.Register?.Invoke(x);
        x.UsingRabbitMq((context, bus) =>
        {
            bus.Host(new Uri(setup.RabbitMq));
            bus.MessageTopology.SetEntityNameFormatter(new PrefixEntityNameFormatter(bus.MessageTopology.EntityNameFormatter, setup.Prefix + "."));
            bus.UsePostgresTimers(context);
            setup.Bus?.Invoke(context, bus);
            bus.ConfigureEndpoints(context);
        });
    }
}

/// <summary>What a test's service is made of.</summary>
internal sealed record ShopSetup(string ConnectionString, string RabbitMq)
{
    public string Prefix { get; init; } = "t" + Guid.NewGuid().ToString("N")[..8];

    public Action<IBusRegistrationConfigurator>? Register { get; init; }

    public Action<OutboxOptions>? Options { get; init; }

    public Action<IReceiveEndpointConfigurator>? Endpoint { get; init; }

    public Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator>? Bus { get; init; }

    public Action<IServiceCollection>? Services { get; init; }

    public Action<DbContextOptionsBuilder>? Db { get; init; }

    public static async Task<ShopSetup> CreateAsync(PostgresServer postgres, RabbitMqServer rabbitMq) =>
        new(await Shop.CreateDatabaseAsync(postgres), rabbitMq.ConnectionString) { Register = Consumers };

    public static void Consumers(IBusRegistrationConfigurator x)
    {
        x.AddConsumer<PlaceOrderConsumer>();
        x.AddConsumer<OrderPlacedRecorder>();
    }
}
