using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>The state after an event about an attempt.</summary>
internal static class TaskEvolution
{
    public static WorkflowInstance Apply(WorkflowInstance state, TaskEvent fact) => fact switch
    {
        TaskScheduled => NoteFailure(Scheduled(state, fact.Task), fact.Task),
        TaskCompleted or TaskFailed or TaskTimedOut or TaskCanceled => NoteFailure(Ended(state, fact.Task), fact.Task),
        TaskSkipped => state with { SkippedAhead = state.SkippedAhead.Add(fact.Task.NodeReference) },
        TaskFollowed => state with { Deferred = state.Deferred.Remove(fact.Task.NodeReference) },
        TaskRetried => Retried(state, fact.Task.NodeReference),
        TaskReopened => state with { OpenTasks = state.OpenTasks + 1 },
        TaskRequeued or TaskLeaseExtended => state,
        _ => throw new NotSupportedException($"{fact.GetType().Name} is unknown to this version of the engine."),
    };

    private static WorkflowInstance Scheduled(WorkflowInstance state, TaskRecord task) => state with
    {
        NextSeq = Math.Max(state.NextSeq, task.Seq + 1),
        OpenTasks = task.Status.IsTerminal() ? state.OpenTasks : state.OpenTasks + 1,
        LastReference = task.NodeReference,
    };

    private static WorkflowInstance Ended(WorkflowInstance state, TaskRecord task) => state with
    {
        OpenTasks = state.OpenTasks - 1,
        Deferred = state.Status == WorkflowStatus.Paused ? state.Deferred.Add(task.NodeReference) : state.Deferred,
    };

    private static WorkflowInstance Retried(WorkflowInstance state, string reference) => state with
    {
        Deferred = state.Deferred.Remove(reference),
        PermissiveFailures = state.PermissiveFailures.RemoveAll(failure => failure.ReferenceName == reference),
    };

    private static WorkflowInstance NoteFailure(WorkflowInstance state, TaskRecord task) =>
        task.Status is WorkflowTaskStatus.Failed or WorkflowTaskStatus.FailedWithTerminalError && !state.FailedSoFar.ContainsKey(task.ReferenceName)
            ? state with { FailedSoFar = state.FailedSoFar.Add(task.ReferenceName, task.TaskDefName) } : state;
}
