using MassTransit;

namespace Conductor.Sagas.Workflow;

/// <summary>Moves the lifecycle to where the decider says that the execution is.</summary>
internal static class Transitions
{
    /// <summary>
    /// Moves to the state of the execution's status, which must be one of <paramref name="possible"/>; stays when the decision was a
    /// refusal.
    /// </summary>
    /// <exception cref="InvalidOperationException">The decider led to a state that the table does not allow: the message fails and changes nothing.</exception>
    public static EventActivityBinder<WorkflowState, TMessage> To<TMessage>(
        this EventActivityBinder<WorkflowState, TMessage> binder, WorkflowSaga saga, params State[] possible)
        where TMessage : class => binder.ThenAsync(context =>
        {
            if (context.Saga.Instance is not { } instance) return context.SetCompleted();
            var next = saga.For(instance.Status);
            if (next.Name == context.Saga.CurrentState) return Task.CompletedTask;
            return possible.Contains(next)
                ? context.TransitionToState(next)
                : throw new InvalidOperationException(
                    $"{typeof(TMessage).Name} led from {context.Saga.CurrentState} to {next.Name}, which the lifecycle does not allow");
        });

    /// <summary>The message must not move the lifecycle.</summary>
    public static EventActivityBinder<WorkflowState, TMessage> Stay<TMessage>(this EventActivityBinder<WorkflowState, TMessage> binder, WorkflowSaga saga)
        where TMessage : class => binder.To(saga);
}
