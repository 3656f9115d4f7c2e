using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Pause and resume. The execution's timeout stands still while it is paused and begins anew after.</summary>
internal static class Pausing
{
    public static Decision Pause(DecisionRun run)
    {
        var state = run.State;
        if (state.Status.IsTerminal())
            return new Decision.Rejected(RejectionCode.Conflict, $"Workflow {Names.Short(state)} has ended, status cannot be updated.");
        if (state.Status == WorkflowStatus.Paused) return run.Result();
        run.Emit(new WorkflowPaused { At = run.Now });
        Timers.StopTimeout(run);
        return run.Result();
    }

    public static Decision Resume(DecisionRun run)
    {
        var state = run.State;
        if (state.Status != WorkflowStatus.Paused)
            return new Decision.Rejected(
                RejectionCode.Conflict, $"The workflow {state.WorkflowId} is not PAUSED so cannot resume. Current status is {state.Status.Name()}");
        run.Emit(new WorkflowResumed { At = run.Now });
        Timers.StartTimeout(run);
        Deferred.Follow(run, new Progress(run));
        return run.Result();
    }
}
