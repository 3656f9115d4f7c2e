using System.Diagnostics;
using Conductor.Postgres.Inbox;
using MassTransit;

namespace Conductor.Postgres.Sagas.GroupCommit;

/// <summary>A message that waits for its batch, and the caller that waits for the commit.</summary>
internal sealed class QueuedMessage<TSaga>(
    Guid sagaId, object message, MessageEffects effects, Func<InstanceRun<TSaga>, Task> send, CancellationToken cancellationToken)
    where TSaga : class, ISaga
{
    // Continuations run elsewhere, so that answering callers does not hold up the lane.
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ExecutionContext? _callersContext = ExecutionContext.Capture();

    /// <summary>The instance that it is for.</summary>
    public Guid SagaId => sagaId;

    public object Message => message;

    /// <summary>Its sender made the id for it: there can be no instance yet.</summary>
    public bool IsNew { get; init; }

    /// <summary>What its last run did besides changing its instance.</summary>
    public MessageEffects Effects => effects;

    /// <summary>The trace of its caller.</summary>
    public ActivityContext Trace { get; } = Activity.Current?.Context ?? default;

    /// <summary>Completes after the commit, or fails.</summary>
    public Task Answer => _answer.Task;

    /// <summary>What it waits for outside of any batch, before it runs again.</summary>
    public Task? Wait { get; set; }

    public bool IsAnswered => _answer.Task.IsCompleted;

    /// <summary>False once its caller has given up waiting; the message then never runs.</summary>
    public bool TryTake() => !IsAnswered && !(cancellationToken.IsCancellationRequested && _answer.TrySetCanceled(cancellationToken));

    /// <summary>Runs it through the state machine, in its caller's execution context: traces and log scopes go on.</summary>
    public Task RunAsync(InstanceRun<TSaga> run)
    {
        effects.Clear();
        if (_callersContext is null) return send(run);
        var running = Task.CompletedTask;
        ExecutionContext.Run(_callersContext, _ =>
        {
            SagaLanes<TSaga>.IsRunning.Value = true;
            running = send(run);
        }, null);
        return running;
    }

    public void Complete() => _answer.TrySetResult();

    public void Fail(Exception exception)
    {
        effects.Clear();
        _answer.TrySetException(exception);
    }
}
