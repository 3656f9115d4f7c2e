using Conductor.Postgres.Outbox;
using Conductor.Postgres.Supervision;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>Registers group commit.</summary>
public static class GroupCommitRegistration
{
    /// <summary>
    /// Keeps the instances of a state machine in <typeparamref name="TStore"/> (registered as a singleton unless it is already) and lets
    /// concurrent events share transactions. The service raises them itself (<see cref="SagaEvents{TSaga}"/>).
    /// </summary>
    public static IServiceCollection AddSagaEvents<TMachine, TSaga, TStore>(this IServiceCollection services, Action<GroupCommitOptions>? configure = null)
        where TMachine : class, SagaStateMachine<TSaga>
        where TSaga : class, SagaStateMachineInstance, new()
        where TStore : class, ISagaBatchStore<TSaga>
    {
        var options = new GroupCommitOptions();
        configure?.Invoke(options);
        services.TryAddSingleton<TMachine>();
        services.TryAddSingleton<TStore>();
        services.AddBackgroundLoops();
        services.AddSingleton(provider => new SagaLanes<TSaga>(
            provider.GetRequiredService<TStore>(),
            options.DataSource?.Invoke(provider) ?? provider.GetRequiredService<NpgsqlDataSource>(),
            new BatchMessaging(options.Name ?? typeof(TSaga).Name, provider.GetService<MessageOutbox>()),
            options,
            provider.GetRequiredService<BackgroundLoops>()));
        return services.AddSingleton(provider => new SagaEvents<TSaga>(
            provider.GetRequiredService<SagaLanes<TSaga>>(), provider.GetRequiredService<TMachine>(), provider));
    }
}
