using Conductor.Postgres.Inbox;
using MassTransit;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>A message that waits for its batch, and the caller that waits for the commit.</summary>
internal abstract class QueuedMessage<TSaga>(IReadOnlyList<Guid> sagaIds, object message, InboxMessage? inboxId, BatchMessaging messaging, CancellationToken cancellationToken)
    where TSaga : class, ISaga
{
    // Continuations run elsewhere, so that answering callers does not hold up the lane.
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ExecutionContext? _callersContext = ExecutionContext.Capture();

    /// <summary>The instances that it is for: one, or what its query found.</summary>
    public IReadOnlyList<Guid> SagaIds => sagaIds;

    /// <summary>It is for any number of instances, so it shares a transaction with no other message.</summary>
    public virtual bool IsQuery => false;

    public object Message => message;

    /// <summary>Its id in the inbox; null if it did not come from a broker.</summary>
    public InboxMessage? InboxId => inboxId;

    /// <summary>What its last run did besides changing instances.</summary>
    public MessageEffects Effects { get; } = new(messaging);

    /// <summary>Completes after the commit, or fails.</summary>
    public Task Answer => _answer.Task;

    public bool IsAnswered => _answer.Task.IsCompleted;

    /// <summary>False once its caller has given up waiting; the message then never runs.</summary>
    public bool TryTake() => !IsAnswered && !(cancellationToken.IsCancellationRequested && _answer.TrySetCanceled(cancellationToken));

    /// <summary>Runs it through the state machine, in its caller's execution context: traces and log scopes go on.</summary>
    public Task RunAsync(SagaWorkspace<TSaga> workspace, BatchTransaction transaction)
    {
        Effects.Begin(transaction);
        if (_callersContext is null) return SendAsync(workspace);
        var run = Task.CompletedTask;
        ExecutionContext.Run(_callersContext, _ =>
        {
            SagaLanes<TSaga>.IsRunning.Value = true;
            run = SendAsync(workspace);
        }, null);
        return run;
    }

    public void Complete() => _answer.TrySetResult();

    public void Fail(Exception exception)
    {
        Effects.Begin(null);
        _answer.TrySetException(exception);
    }

    protected abstract Task SendAsync(SagaWorkspace<TSaga> workspace);
}
