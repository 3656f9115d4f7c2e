using System.Collections.Frozen;
using System.Runtime.ExceptionServices;
using MassTransit;
using MassTransit.Context;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>
/// Raises events on the instances of a state machine inside the batches of group commit. For what is in the service already: MassTransit's
/// pipeline, its mediator included, would cost more than the decision itself. What the machine sends is committed with its instance, in the service's
/// outbox (<see cref="Outbox.OutboxRegistration.AddMessageOutbox"/>), by way of the event's context; schedules and answers there are none.
/// </summary>
public sealed class SagaEvents<TSaga> where TSaga : class, SagaStateMachineInstance, new()
{
    private readonly SagaLanes<TSaga> _lanes;
    private readonly SagaStateMachine<TSaga> _machine;
    private readonly IServiceProvider _services;
    private readonly Lazy<IBus?> _bus;
    private readonly FrozenSet<Event> _initial;

    internal SagaEvents(SagaLanes<TSaga> lanes, SagaStateMachine<TSaga> machine, IServiceProvider services)
    {
        (_lanes, _machine, _services) = (lanes, machine, services);
        _bus = new(services.GetService<IBus>);
        _initial = machine.NextEvents(machine.Initial).ToFrozenSet();
    }

    /// <summary>Raises an event; returns after its commit.</summary>
    /// <param name="id">The instance.</param>
    /// <param name="happened">The event.</param>
    /// <param name="message">Its data.</param>
    /// <param name="answer">
    /// Called when the event has been handled, before the commit: with the instance, or with null where there is none and the event begins none.
    /// </param>
    /// <param name="isNew">The caller made the id: there is no such instance yet.</param>
    /// <param name="cancellationToken">Gives up while the event waits for its batch.</param>
    public async Task<TAnswer> RaiseAsync<T, TAnswer>(
        Guid id, Event<T> happened, T message, Func<TSaga?, TAnswer> answer, bool isNew = false, CancellationToken cancellationToken = default)
        where T : class
    {
        var effects = new MessageEffects(_lanes.Messaging, _services);
        var receiver = new RaisedEventReceiver(effects, _bus.Value, cancellationToken);
        TAnswer result = default!;
        await _lanes.SendAsync(new(id, message, effects, RunAsync, cancellationToken) { IsNew = isNew }, cancellationToken);
        return result;

        async Task RunAsync(InstanceRun<TSaga> run)
        {
            var saga = run.Saga ?? (_initial.Contains(happened) ? new TSaga { CorrelationId = id } : null);
            if (saga is not null) await HandleAsync(run, saga, happened, new RaisedEvent<T>(message, receiver));
            result = answer(saga);
        }
    }

    private async Task HandleAsync<T>(InstanceRun<TSaga> run, TSaga saga, Event<T> happened, RaisedEvent<T> raised) where T : class
    {
        var context = new DefaultSagaConsumeContext<TSaga, T>(raised, saga);
        try
        {
            var behavior = new MassTransitStateMachine<TSaga>.BehaviorContextProxy<T>(_machine, context, raised, happened);
            await _machine.RaiseEvent(behavior);
            if (await _machine.IsCompleted(behavior)) await context.SetCompleted();
        }
        catch (EventExecutionException e) when (e.InnerException is { } cause)
        {
            // What went wrong, not where: callers tell an outage from a fault.
            ExceptionDispatchInfo.Throw(cause);
        }
        // An instance that its first event finalises never was.
        if (run.Saga is not null) run.Changed(context.IsCompleted);
        else if (!context.IsCompleted) run.TryInsert(saga);
    }
}
