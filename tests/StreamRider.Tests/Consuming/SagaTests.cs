using Conductor.Engines;
using Conductor.StreamRider.Tests.Riding;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.StreamRider.Tests.Consuming;

[Integration]
public sealed class SagaTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    [Fact]
    public async Task A_state_machine_lives_on_topics()
    {
        var setup = await RideSetup.CreateAsync(postgres, rabbitMq);
        setup = setup with
        {
            Register = rider => rider.AddSagaStateMachine<Parcels, Parcel>().InMemoryRepository(),
            Topics = (context, k) =>
            {
                k.TopicEndpoint<OrderPlaced>(setup.Topic, "parcels", e =>
                {
                    e.CreateIfMissing();
                    e.ConfigureSaga<Parcel>(context);
                });
                k.TopicEndpoint<ParcelSent>(setup.Shipped, "parcels", e =>
                {
                    e.CreateIfMissing();
                    e.ConfigureSaga<Parcel>(context);
                });
            },
        };
        await using var ride = await Ride.StartAsync(setup);
        var id = NewId.NextGuid();
        await ride.ProduceAsync(setup.Topic, "k", new OrderPlaced(7) { CorrelationId = id });
        var sagas = ride.Services.GetRequiredService<ILoadSagaRepository<Parcel>>();
        await Eventually.IsTrueAsync(async () => await sagas.Load(id) is { CurrentState: "Packed", Number: 7 }, "the saga has begun");
        await ride.ProduceAsync(setup.Shipped, "k", new ParcelSent(id));
        await Eventually.IsTrueAsync(async () => await sagas.Load(id) is { CurrentState: "Sent" }, "the saga has gone on");
    }

    internal sealed class Parcels : MassTransitStateMachine<Parcel>
    {
        public Parcels()
        {
            InstanceState(x => x.CurrentState);
            Event(() => Placed, e => e.CorrelateById(x => x.Message.CorrelationId));
            Event(() => Shipped, e => e.CorrelateById(x => x.Message.ParcelId));
            Initially(When(Placed).Then(x => x.Saga.Number = x.Message.Number).TransitionTo(Packed));
            During(Packed, When(Shipped).TransitionTo(Sent));
        }

        public State Packed { get; private set; } = null!;
        public State Sent { get; private set; } = null!;
        public Event<OrderPlaced> Placed { get; private set; } = null!;
        public Event<ParcelSent> Shipped { get; private set; } = null!;
    }

    internal sealed class Parcel : SagaStateMachineInstance
    {
        public Guid CorrelationId { get; set; }
        public string CurrentState { get; set; } = "";
        public int Number { get; set; }
    }
}

public sealed record ParcelSent(Guid ParcelId);
