using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>The state after an event about an attempt.</summary>
internal static class TaskEvolution
{
    public static WorkflowInstance Apply(WorkflowInstance state, TaskEvent fact) => fact switch
    {
        TaskScheduled => NoteFailure(Scheduled(state, fact), fact.Task),
        TaskCompleted or TaskFailed or TaskTimedOut or TaskCanceled => NoteFailure(Ended(state, fact), fact.Task),
        TaskSkipped => state with { SkippedAhead = state.SkippedAhead.Add(fact.Task.NodeReference), UpdateTime = fact.At },
        TaskFollowed => state with { Deferred = state.Deferred.Remove(fact.Task.NodeReference), UpdateTime = fact.At },
        TaskRetried retried => Retried(state, retried),
        TaskDeferred => state with { Deferred = state.Deferred.Add(fact.Task.NodeReference), UpdateTime = fact.At },
        TaskReopened => state with { OpenTasks = state.OpenTasks + 1, UpdateTime = fact.At },
        TaskRequeued or TaskLeaseExtended => state with { UpdateTime = fact.At },
        // Who has which attempt is in the attempt's row: the state stays as it is, and need not be written again.
        TaskHandedOut => state,
        _ => throw new NotSupportedException($"{fact.GetType().Name} is unknown to this version of the engine."),
    };

    private static WorkflowInstance Scheduled(WorkflowInstance state, TaskEvent fact) => state with
    {
        NextSeq = Math.Max(state.NextSeq, fact.Task.Seq + 1),
        OpenTasks = fact.Task.Status.IsTerminal() ? state.OpenTasks : state.OpenTasks + 1,
        LastReference = fact.Task.NodeReference,
        UpdateTime = fact.At,
    };

    private static WorkflowInstance Ended(WorkflowInstance state, TaskEvent fact) => state with
    {
        OpenTasks = state.OpenTasks - 1,
        Deferred = state.Status == WorkflowStatus.Paused ? state.Deferred.Add(fact.Task.NodeReference) : state.Deferred,
        UpdateTime = fact.At,
    };

    private static WorkflowInstance Retried(WorkflowInstance state, TaskRetried fact) => state with
    {
        FollowedBefore = fact.WasFollowed ? state.FollowedBefore.Add(fact.Task.NodeReference) : state.FollowedBefore,
        Deferred = state.Deferred.Remove(fact.Task.NodeReference),
        PermissiveFailures = state.PermissiveFailures.RemoveAll(failure => failure.ReferenceName == fact.Task.NodeReference),
        UpdateTime = fact.At,
    };

    private static WorkflowInstance NoteFailure(WorkflowInstance state, TaskRecord task) =>
        task.Status is WorkflowTaskStatus.Failed or WorkflowTaskStatus.FailedWithTerminalError && !state.FailedSoFar.ContainsKey(task.ReferenceName)
            ? state with { FailedSoFar = state.FailedSoFar.Add(task.ReferenceName, task.TaskDefName) } : state;
}
