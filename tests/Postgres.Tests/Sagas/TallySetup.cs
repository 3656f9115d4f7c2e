using Conductor.Postgres.Outbox;
using Conductor.Postgres.Sagas.EntityFramework;
using Conductor.Postgres.Sagas.GroupCommit;
using Conductor.Postgres.Tests.Sagas.GroupCommit;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Postgres.Tests.Sagas;

/// <summary>How a process hosts the saga.</summary>
internal sealed record TallySetup(string ConnectionString, Repository Repository)
{
    /// <summary>The saga consumes from a queue instead of the mediator.</summary>
    public bool OnBus { get; init; }

    /// <summary>The broker; a bus in memory when null.</summary>
    public string? RabbitMq { get; init; }

    public string Queue { get; init; } = $"tally-{Guid.NewGuid():N}";

    /// <summary>Delivers what is in the outbox; otherwise it stays there to be looked at.</summary>
    public bool Deliver { get; init; }

    public Action<GroupCommitOptions>? Options { get; init; }

    /// <summary>Another repository than those of <see cref="Repository"/>.</summary>
    public Action<ISagaRegistrationConfigurator<TallyState>>? Store { get; init; }

    public Action<IServiceCollection>? Services { get; init; }

    public bool IsGroupCommit => Repository is Repository.GroupCommit;

    public void Outbox(OutboxOptions options)
    {
        options.ConnectionName = "tally";
        options.Schema = "app";
        options.Deliver = Deliver;
    }

    public void Keep(ISagaRegistrationConfigurator<TallyState> saga)
    {
        if (Store is not null) Store(saga);
        else if (Repository == Repository.GroupCommit) saga.GroupCommitRepository<TallyState, TallyStore>(Options);
        else saga.PostgresRepository<TallyState, TallyDbContext>();
    }
}

internal static class TallyHosting
{
    public static void AddTallyMediator(this IServiceCollection services, TallySetup setup)
    {
        services.AddMessageOutbox(setup.Outbox);
        services.AddMediator(x => setup.Keep(x.AddSagaStateMachine<TallySaga, TallyState>()));
        services.AddMassTransit(x =>
        {
            x.DisableUsageTelemetry();
            x.AddConsumer<CountedRecorder>().Endpoint(e => e.InstanceId = setup.Queue);
            x.UsingInMemory((context, bus) => bus.ConfigureEndpoints(context));
        });
    }

    public static void AddTallyBus(this IServiceCollection services, TallySetup setup)
    {
        if (setup.IsGroupCommit) services.AddMessageOutbox(setup.Outbox);
        services.AddMassTransit(x =>
        {
            x.DisableUsageTelemetry();
            x.AddConsumer<CountedRecorder>().Endpoint(e => e.InstanceId = setup.Queue);
            setup.Keep(x.AddSagaStateMachine<TallySaga, TallyState>().Endpoint(e => e.Name = setup.Queue));
            if (!setup.IsGroupCommit) x.AddPostgresOutbox<TallyDbContext>(setup.Outbox);
            x.AddConfigureEndpointsCallback((context, name, endpoint) =>
            {
                if (name != setup.Queue) return;
                if (!setup.IsGroupCommit) endpoint.UsePostgresOutbox<TallyDbContext>(context);
            });
            if (setup.RabbitMq is null) x.UsingInMemory((context, bus) => bus.ConfigureEndpoints(context));
            else
                x.UsingRabbitMq((context, bus) =>
                {
                    bus.Host(new Uri(setup.RabbitMq));
                    bus.ConfigureEndpoints(context);
                });
        });
    }
}
