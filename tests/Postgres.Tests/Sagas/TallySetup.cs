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

    /// <summary>The store of group commit is one that a test can spoil.</summary>
    public bool IsFaulty { get; init; }

    public bool IsGroupCommit => Repository is Repository.GroupCommit;

    public void Outbox(OutboxOptions options)
    {
        options.ConnectionName = "tally";
        options.Schema = "app";
        options.Deliver = Deliver;
    }
}

internal static class TallyHosting
{
    public static void AddTally(this IServiceCollection services, TallySetup setup)
    {
        services.AddMessageOutbox(setup.Outbox);
        if (!setup.IsGroupCommit) services.AddMediator(x => x.AddSagaStateMachine<TallySaga, TallyState>().PostgresRepository<TallyState, TallyDbContext>());
        else if (setup.IsFaulty) services.AddSingleton<TallyStore>().AddSagaEvents<TallySaga, TallyState, FaultyStore>(setup.Options);
        else services.AddSagaEvents<TallySaga, TallyState, TallyStore>(setup.Options);
        services.AddMassTransit(x =>
        {
            x.DisableUsageTelemetry();
            x.AddConsumer<CountedRecorder>().Endpoint(e => e.InstanceId = setup.Queue);
            x.UsingInMemory((context, bus) => bus.ConfigureEndpoints(context));
        });
    }

    public static void AddTallyBus(this IServiceCollection services, TallySetup setup)
    {
        services.AddMassTransit(x =>
        {
            x.DisableUsageTelemetry();
            x.AddConsumer<CountedRecorder>().Endpoint(e => e.InstanceId = setup.Queue);
            x.AddSagaStateMachine<TallySaga, TallyState>().PostgresRepository<TallyState, TallyDbContext>().Endpoint(e => e.Name = setup.Queue);
            x.AddPostgresOutbox<TallyDbContext>(setup.Outbox);
            x.AddConfigureEndpointsCallback((context, name, endpoint) =>
            {
                if (name == setup.Queue) endpoint.UsePostgresOutbox<TallyDbContext>(context);
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
