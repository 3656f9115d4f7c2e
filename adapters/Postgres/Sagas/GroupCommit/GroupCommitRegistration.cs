using Conductor.Postgres.Outbox;
using Conductor.Postgres.Supervision;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Saga;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>Registers the group-commit repository.</summary>
public static class GroupCommitRegistration
{
    /// <summary>
    /// Keeps the instances of this saga in <typeparamref name="TStore"/> (registered as a singleton unless it is already) and lets
    /// concurrent messages share transactions. What the saga sends is committed with it, in the service's outbox
    /// (<see cref="OutboxRegistration.AddMessageOutbox"/>), and messages from a broker are consumed once, by its inbox.
    /// </summary>
    public static ISagaRegistrationConfigurator<TSaga> GroupCommitRepository<TSaga, TStore>(
        this ISagaRegistrationConfigurator<TSaga> configurator, Action<GroupCommitOptions>? configure = null)
        where TSaga : class, ISaga
        where TStore : class, ISagaBatchStore<TSaga>
    {
        return configurator.Repository(services =>
        {
            services.AddLanes<TSaga, TStore>(configure);
            services.RegisterSagaRepository<TSaga, SagaLanes<TSaga>, SagaConsumeContextFactory<SagaLanes<TSaga>, TSaga>, GroupCommitContextFactory<TSaga>>();
        });
    }

    /// <summary>
    /// The same for a state machine whose events the service raises itself (<see cref="SagaEvents{TSaga}"/>). 
    /// </summary>
    public static IServiceCollection AddSagaEvents<TMachine, TSaga, TStore>(this IServiceCollection services, Action<GroupCommitOptions>? configure = null)
        where TMachine : class, SagaStateMachine<TSaga>
        where TSaga : class, SagaStateMachineInstance, new()
        where TStore : class, ISagaBatchStore<TSaga>
    {
        services.TryAddSingleton<TMachine>();
        services.AddLanes<TSaga, TStore>(configure);
        return services.AddSingleton(provider => new SagaEvents<TSaga>(
            provider.GetRequiredService<SagaLanes<TSaga>>(), provider.GetRequiredService<TMachine>(), provider));
    }

    private static void AddLanes<TSaga, TStore>(this IServiceCollection services, Action<GroupCommitOptions>? configure)
        where TSaga : class, ISaga
        where TStore : class, ISagaBatchStore<TSaga>
    {
        var options = new GroupCommitOptions();
        configure?.Invoke(options);
        services.TryAddSingleton<TStore>();
        services.AddBackgroundLoops();
        services.AddSingleton(provider => new SagaLanes<TSaga>(
            provider.GetRequiredService<TStore>(),
            options.DataSource?.Invoke(provider) ?? provider.GetRequiredService<NpgsqlDataSource>(),
            new BatchMessaging(options.ConsumerName ?? typeof(TSaga).Name, provider.GetService<MessageOutbox>()),
            options,
            provider.GetRequiredService<BackgroundLoops>()));
    }
}
