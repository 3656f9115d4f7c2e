using MassTransit;
using Npgsql;

namespace Conductor.ServiceDefaults.Tests.Telemetry;

public sealed record LampOrdered(Guid OrderId);

public sealed record LampPacked(Guid OrderId);

public sealed class LampOrder : SagaStateMachineInstance
{
    public Guid CorrelationId { get; set; }
    public string CurrentState { get; set; } = "";
}

/// <summary>Ordered, then (after a row in the database and a message to itself over the bus) packed.</summary>
public sealed class LampOrderSaga : MassTransitStateMachine<LampOrder>
{
    public LampOrderSaga(NpgsqlDataSource database)
    {
        InstanceState(order => order.CurrentState);
        Event(() => Ordered, e => e.CorrelateById(context => context.Message.OrderId));
        Event(() => Packed, e => e.CorrelateById(context => context.Message.OrderId));
        Initially(When(Ordered)
            .ThenAsync(async context =>
            {
                await using var command = database.CreateCommand("SELECT 1");
                await command.ExecuteScalarAsync(context.CancellationToken);
            })
            .Publish(context => new LampPacked(context.Saga.CorrelationId))
            .TransitionTo(Packing));
        During(Packing, When(Packed).Finalize());
    }

    public State Packing { get; private set; } = null!;
    public Event<LampOrdered> Ordered { get; private set; } = null!;
    public Event<LampPacked> Packed { get; private set; } = null!;
}
