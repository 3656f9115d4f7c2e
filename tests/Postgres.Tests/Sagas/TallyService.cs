using Conductor.Postgres.Migrations;
using Conductor.Postgres.Sagas.EntityFramework;
using Conductor.Postgres.Sagas.GroupCommit;
using Conductor.Postgres.Tests.Sagas.GroupCommit;
using MassTransit;
using MassTransit.Mediator;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Conductor.Postgres.Tests.Sagas;

/// <summary>A process that hosts the saga behind a mediator, with a bus for what the saga publishes.</summary>
internal sealed class TallyService : IAsyncDisposable
{
    private readonly ServiceProvider _provider;

    private TallyService(ServiceProvider provider) => _provider = provider;

    public IMediator Mediator => _provider.GetRequiredService<IMediator>();

    public NpgsqlDataSource DataSource => _provider.GetRequiredService<NpgsqlDataSource>();

    /// <summary>Returns when the message is committed.</summary>
    public Task SendAsync<T>(T message) where T : class => Mediator.Send(message, TestContext.Current.CancellationToken);

    public T Get<T>() where T : notnull => _provider.GetRequiredService<T>();

    public static async Task<TallyService> StartAsync(
        string connectionString, Repository repository, Action<GroupCommitOptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddSingleton(_ => NpgsqlDataSource.Create(connectionString));
        collection.AddDbContext<TallyDbContext>((provider, db) => db.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        collection.AddSingleton<TallyStep>();
        services?.Invoke(collection);
        collection.AddMediator(x =>
        {
            x.AddSagaStateMachine<TallySaga, TallyState>().Keep(repository, configure);
            x.ConfigureMediator((_, mediator) => mediator.UseSagaRetry(attempts: 50));
        });
        collection.AddMassTransit(x =>
        {
            x.DisableUsageTelemetry();
            x.UsingInMemory();
        });
        var provider = collection.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<TallyDbContext>().Database.EnsureCreatedAsync();
        await Migrator.ApplyMessagingAsync(provider.GetRequiredService<NpgsqlDataSource>(), "app", CancellationToken.None);
        return new TallyService(provider);
    }

    public async Task<TallyState?> FindAsync(Guid id)
    {
        await using var scope = _provider.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<TallyDbContext>().Tallies.AsNoTracking().SingleOrDefaultAsync(x => x.CorrelationId == id);
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var command = DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}

internal static class TallyRepository
{
    public static void Keep(this ISagaRegistrationConfigurator<TallyState> saga, Repository repository, Action<GroupCommitOptions>? configure = null)
    {
        if (repository == Repository.GroupCommit) saga.GroupCommitRepository<TallyState, TallyStore>(Options);
        else if (repository == Repository.GroupCommitOfEntities) saga.GroupCommitRepository<TallyState, EfSagaBatchStore<TallyState, TallyDbContext>>(Options);
        else saga.PostgresRepository<TallyState, TallyDbContext>(o => _ = repository == Repository.Optimistic ? o.Optimistic() : o.Pessimistic());

        void Options(GroupCommitOptions options)
        {
            options.Schema = "app";
            configure?.Invoke(options);
        }
    }
}
