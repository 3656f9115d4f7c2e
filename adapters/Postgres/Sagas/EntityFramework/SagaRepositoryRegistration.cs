using MassTransit;
using MassTransit.Configuration;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;

namespace Conductor.Postgres.Sagas.EntityFramework;

/// <summary>Registers the EF Core repository.</summary>
public static class SagaRepositoryRegistration
{
    /// <summary>
    /// Keeps the instances of this saga in a registered <typeparamref name="TDb"/>, one transaction per message: the one of the
    /// endpoint's outbox where it has one on the same DbContext. Messages of one instance wait for each other: it is locked before it is
    /// loaded, present or not. All are correlated by id. An execution strategy that retries (<c>EnableRetryOnFailure</c>) is refused by
    /// EF, because it would run the saga twice in one message.
    /// </summary>
    public static ISagaRegistrationConfigurator<TSaga> PostgresRepository<TSaga, TDb>(this ISagaRegistrationConfigurator<TSaga> configurator)
        where TSaga : class, ISaga
        where TDb : DbContext => configurator.Repository(services =>
            services.RegisterSagaRepository<TSaga, DbContext, SagaConsumeContextFactory<DbContext, TSaga>, EfSagaContextFactory<TSaga, TDb>>());
}
