using Conductor.Domain.Workflows.Executions;

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
}
