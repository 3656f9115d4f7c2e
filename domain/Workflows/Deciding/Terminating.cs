using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Ends an execution from outside; a failure workflow is not started.</summary>
internal static class Terminating
{
    public static Decision Terminate(DecisionRun run, TerminateExecution command)
    {
        if (run.State.Status == WorkflowStatus.Completed) return new Decision.Rejected(RejectionCode.Conflict, "Cannot terminate a COMPLETED workflow.");
        if (run.State.Status != WorkflowStatus.Terminated) Ending.End(run, WorkflowStatus.Terminated, command.Reason, null, withFailureWorkflow: false);
        return run.Result();
    }

    public static Decision Fail(DecisionRun run, FailExecution command)
    {
        if (run.State.Status.IsTerminal()) return run.Result();
        if (!command.EvaluatesNothing)
        {
            Ending.End(run, WorkflowStatus.Failed, command.Reason, null, withFailureWorkflow: true);
            return run.Result();
        }
        if (run.State.OpenTasks > 0) run.Emit(new OpenTasksCanceled { At = run.Now, Count = run.State.OpenTasks });
        run.Emit(new WorkflowFailed { At = run.Now, Output = JsonText.EmptyObject, Reason = command.Reason });
        return run.Result();
    }
}
