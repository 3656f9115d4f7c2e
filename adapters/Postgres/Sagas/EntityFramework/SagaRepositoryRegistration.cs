using MassTransit;
using MassTransit.Configuration;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Postgres.Sagas.EntityFramework;

/// <summary>Registers the EF Core repository.</summary>
public static class SagaRepositoryRegistration
{
    /// <summary>
    /// Keeps the instances of this saga in a registered <typeparamref name="TDb"/>, one transaction per message: the one of the
    /// endpoint's outbox where it has one on the same DbContext. An execution strategy that retries
    /// (<c>EnableRetryOnFailure</c>) is refused by EF, because it would run the saga twice in one message.
    /// </summary>
    public static ISagaRegistrationConfigurator<TSaga> PostgresRepository<TSaga, TDb>(
        this ISagaRegistrationConfigurator<TSaga> configurator, Action<SagaRepositoryOptions>? configure = null)
        where TSaga : class, ISaga
        where TDb : DbContext
    {
        var options = new SagaRepositoryOptions();
        configure?.Invoke(options);
        return configurator.Repository(services =>
        {
            services.AddSingleton(new SagaOptions<TSaga>(options.IsOptimistic));
            services.RegisterSagaRepository<TSaga, DbContext, SagaConsumeContextFactory<DbContext, TSaga>, EfSagaContextFactory<TSaga, TDb>>();
            services.RegisterLoadSagaRepository<TSaga, EfSagaContextFactory<TSaga, TDb>>();
            services.RegisterQuerySagaRepository<TSaga, EfSagaContextFactory<TSaga, TDb>>();
        });
    }
}

/// <summary>The choice for one saga.</summary>
internal sealed record SagaOptions<TSaga>(bool IsOptimistic);
