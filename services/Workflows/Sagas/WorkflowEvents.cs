using System.Collections.Frozen;
using Conductor.Contracts.Workflows;
using Conductor.Postgres.Sagas.GroupCommit;
using Conductor.Sagas.Workflow;
using MassTransit;

namespace Conductor.Workflows.Sagas;

/// <summary>Messages as events of the lifecycle: each goes into the group commit, and is raised on the state machine inside its batch.</summary>
internal sealed class WorkflowEvents(SagaEvents<WorkflowState> saga, WorkflowSaga lifecycle)
{
    private readonly FrozenDictionary<Type, Event> _events = lifecycle.Events.Where(e => MessageOf(e) is not null).ToFrozenDictionary(e => MessageOf(e)!);

    /// <summary>Raises a message; returns after its commit.</summary>
    /// <param name="workflowId">The execution.</param>
    /// <param name="message">The message.</param>
    /// <param name="answer">What to tell: asked with the execution as it is after the message, or with null where there is none.</param>
    /// <param name="isNew">The id of the execution was made for this message.</param>
    /// <param name="cancellationToken">Gives up while the message waits.</param>
    public Task<TAnswer> RaiseAsync<TMessage, TAnswer>(
        Guid workflowId, TMessage message, Func<WorkflowState?, TAnswer> answer, bool isNew = false, CancellationToken cancellationToken = default)
        where TMessage : class =>
        saga.RaiseAsync(workflowId, (Event<TMessage>)_events[typeof(TMessage)], message, answer, isNew, cancellationToken);

    /// <summary>The answer of the state machine to a message; a refusal where there is no such execution.</summary>
    public static CommandAnswer Answer(object message, Guid workflowId, WorkflowState? state) => state?.Answer ?? message switch
    {
        TaskExecuted m => CommandAnswer.NoTask(workflowId, m.TaskId),
        ExtendTaskLease m => CommandAnswer.NoTask(workflowId, m.TaskId),
        _ => CommandAnswer.NoWorkflow(workflowId),
    };

    private static Type? MessageOf(Event happened) => happened.GetType().GetInterfaces()
        .FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(Event<>))?.GetGenericArguments()[0];
}
