using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>The state after an event.</summary>
internal static class InstanceEvolution
{
    public static WorkflowInstance Apply(WorkflowInstance? state, WorkflowEvent fact)
    {
        if (fact is WorkflowStarted started) return started.Instance;
        if (state is null) throw new InvalidOperationException($"{fact.GetType().Name} happened to an execution that has not started.");
        return fact switch
        {
            TaskEvent task => TaskEvolution.Apply(state, task),
            ExecutionEnded ended => End(state, ended),
            WorkflowRestarted restarted => restarted.Instance,
            _ => Other(state, fact) with { UpdateTime = fact.At },
        };
    }

    private static WorkflowInstance Other(WorkflowInstance state, WorkflowEvent fact) => fact switch
    {
        JoinCounted { Progress: { } progress } join => state with { Joins = state.Joins.SetItem(join.ReferenceName, progress) },
        JoinCounted join => state with { Joins = state.Joins.Remove(join.ReferenceName) },
        OpenTasksCanceled => state with { OpenTasks = 0, Joins = state.Joins.Clear() },
        TimerStarted { Purpose: TimerPurpose.WorkflowTimeout } timer => state with { TimeoutToken = timer.Token },
        TimerStarted => state,
        TimerCanceled timer => timer.Token == state.TimeoutToken ? state with { TimeoutToken = null } : state,
        VariablesSet variables => state with { Variables = variables.Variables },
        PermissiveFailureNoted noted => state with
        {
            PermissiveFailures = state.PermissiveFailures.RemoveAll(failure => failure.ReferenceName == noted.Failure.ReferenceName).Add(noted.Failure),
        },
        WorkflowPaused => state with { Status = WorkflowStatus.Paused },
        WorkflowResumed => state with { Status = WorkflowStatus.Running, LastRetriedTime = fact.At },
        WorkflowRetried => state with { Status = WorkflowStatus.Running, LastRetriedTime = fact.At, Reason = null, FailureTaskId = null },
        FailureWorkflowRequested => state,
        _ => throw new NotSupportedException($"{fact.GetType().Name} is unknown to this version of the engine."),
    };

    private static WorkflowInstance End(WorkflowInstance state, ExecutionEnded ended) => state with
    {
        Status = ended switch
        {
            WorkflowCompleted => WorkflowStatus.Completed,
            WorkflowFailed => WorkflowStatus.Failed,
            WorkflowTimedOut => WorkflowStatus.TimedOut,
            WorkflowTerminated => WorkflowStatus.Terminated,
            _ => throw new NotSupportedException($"{ended.GetType().Name} is unknown to this version of the engine."),
        },
        Reason = ended.Reason,
        FailureTaskId = ended.FailureTaskId,
        FailedReferenceNames = ended.FailedReferenceNames,
        FailedTaskNames = ended.FailedTaskNames,
        EndTime = ended.At,
        UpdateTime = ended.At,
        TimeoutToken = null,
    };
}
