using Conductor.Postgres.Migrations;
using Conductor.Postgres.Outbox;
using Conductor.Postgres.Sagas.GroupCommit;
using MassTransit;
using MassTransit.Mediator;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using IHost = Microsoft.Extensions.Hosting.IHost;

namespace Conductor.Postgres.Tests.Sagas;

/// <summary>A process that hosts the saga: behind a mediator or in group commit, or on a bus.</summary>
internal sealed class TallyService : IAsyncDisposable
{
    private readonly IHost _host;

    private TallyService(IHost host) => _host = host;

    public IMediator Mediator => Get<IMediator>();

    public IBus Bus => Get<IBus>();

    public TallyStep Step => Get<TallyStep>();

    public CountedRecorder Recorded => Get<CountedRecorder>();

    public static async Task<TallyService> StartAsync(TallySetup setup)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:tally"] = setup.ConnectionString });
        builder.Services.AddSingleton<TallyStep>().AddSingleton<CountedRecorder>();
        builder.Services.AddDbContext<TallyDbContext>((provider, db) => db.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        builder.Services.Configure<MassTransitHostOptions>(x => x.WaitUntilStarted = true);
        if (setup.OnBus) builder.Services.AddTallyBus(setup);
        else builder.Services.AddTally(setup);
        var host = builder.Build();
        await CreateTablesAsync(host.Services);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new(host);
    }

    public static Task<TallyService> StartAsync(string connectionString, Repository repository, Action<GroupCommitOptions>? options = null) =>
        StartAsync(new TallySetup(connectionString, repository) { Options = options });

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Sends through the mediator, or raises the event in group commit: returns when it is committed.</summary>
    public Task SendAsync<T>(T message) where T : class => SendWithAsync(message, TestContext.Current.CancellationToken);

    /// <summary>The same; the sender may give up.</summary>
    public Task SendWithAsync<T>(T message, CancellationToken cancellationToken) where T : class
    {
        if (_host.Services.GetService<SagaEvents<TallyState>>() is not { } events) return Mediator.Send(message, cancellationToken);
        var saga = Get<TallySaga>();
        return message switch
        {
            Count m => events.RaiseAsync(m.TallyId, saga.Count, m, _ => true, cancellationToken: cancellationToken),
            CountAndFail m => events.RaiseAsync(
                m.TallyId, saga.CountAndFail, m, tally => tally is null ? throw new CountFailedException() : true, cancellationToken: cancellationToken),
            CloseTally m => events.RaiseAsync(m.TallyId, saga.Close, m, _ => true, cancellationToken: cancellationToken),
            _ => throw new NotSupportedException($"{typeof(T).Name}"),
        };
    }

    public async Task<TallyState?> FindAsync(Guid id)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<TallyDbContext>().Tallies.AsNoTracking()
            .SingleOrDefaultAsync(x => x.CorrelationId == id, TestContext.Current.CancellationToken);
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var command = Get<NpgsqlDataSource>().CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
    }

    // Processes that start at a time on one database create the table once.
    private static async Task CreateTablesAsync(IServiceProvider services)
    {
        var source = services.GetRequiredService<NpgsqlDataSource>();
        await Migrator.ApplyMessagingAsync(source, "app", CancellationToken.None);
        await using var scope = services.CreateAsyncScope();
        var script = scope.ServiceProvider.GetRequiredService<TallyDbContext>().Database.GenerateCreateScript();
        await using var command = source.CreateCommand(
            $"SELECT pg_advisory_xact_lock(1); {script.Replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", StringComparison.Ordinal)}");
        await command.ExecuteNonQueryAsync();
    }
}
