using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Timers of WAIT tasks (their token is the attempt's id) and of the execution's timeout.</summary>
internal static class Timers
{
    public static Decision Fire(DecisionRun run, FireTimer command)
    {
        if (run.State.Status.IsTerminal()) return run.Result();
        if (command.Purpose == TimerPurpose.WorkflowTimeout) TimeOutWorkflow(run, command.Token);
        else if (command.Task is { } task && task.TaskId == command.Token && !task.Status.IsTerminal()) EndWait(run, task);
        return run.Result();
    }

    public static void StartTimeout(DecisionRun run)
    {
        var definition = run.Graph.Definition;
        if (definition.TimeoutSeconds <= 0 || definition.TimeoutPolicy != WorkflowTimeoutPolicy.TimeOutWorkflow) return;
        run.Emit(new TimerStarted
        {
            At = run.Now, Token = run.NewId(), Due = run.Now.AddSeconds(definition.TimeoutSeconds), Purpose = TimerPurpose.WorkflowTimeout,
        });
    }

    public static void StopTimeout(DecisionRun run)
    {
        if (run.State.TimeoutToken is { } token) run.Emit(new TimerCanceled { At = run.Now, Token = token });
    }

    private static void EndWait(DecisionRun run, TaskRecord task)
    {
        run.Data.Change(task);
        var progress = new Progress(run);
        progress.Settle(run.Graph.Get(task.NodeReference), task.Done(run.Now), Facts.Ended(run.Now));
        progress.Run();
    }

    private static void TimeOutWorkflow(DecisionRun run, Guid token)
    {
        if (run.State.TimeoutToken != token) return;
        var elapsed = (long)(run.Now - (run.State.LastRetriedTime ?? run.State.CreateTime)).TotalSeconds;
        var reason = $"Workflow timed out after {elapsed} seconds. Timeout configured as {run.Graph.Definition.TimeoutSeconds} seconds. "
            + "Timeout policy configured to TIME_OUT_WF";
        Ending.End(run, WorkflowStatus.TimedOut, reason, null, withFailureWorkflow: true);
    }
}
