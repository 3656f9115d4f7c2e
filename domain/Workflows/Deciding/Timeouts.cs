using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Deadlines of attempts.</summary>
internal static class Timeouts
{
    public static Decision TimeOut(DecisionRun run, TimeOutTask command)
    {
        var task = command.Task;
        if (run.State.Status.IsTerminal() || task.Status.IsTerminal()) return run.Result();
        var node = run.Graph.Get(task.NodeReference);
        var definition = node.TaskDefinition;
        if (Deadlines.Passed(task, definition, run.Now) is not { } kind) return run.Result();
        run.Data.Change(task);
        var row = task.Failed(run.Now, WorkflowTaskStatus.TimedOut, Reason(kind, task, definition, run.Now));
        if (row.WaitUntil is not null) run.Emit(new TimerCanceled { At = run.Now, Token = row.TaskId });
        var endsWorkflow = kind != TaskTimeout.Response && definition.TimeoutPolicy == TaskTimeoutPolicy.TimeOutWorkflow;
        if (endsWorkflow) EndWorkflow(run, row);
        else Settle(run, node, row);
        return run.Result();
    }

    private static void EndWorkflow(DecisionRun run, TaskRecord row)
    {
        run.Emit(new TaskTimedOut { At = run.Now, Task = row });
        Ending.End(run, WorkflowStatus.TimedOut, row.Reason, row, withFailureWorkflow: true);
    }

    private static void Settle(DecisionRun run, GraphNode node, TaskRecord row)
    {
        var progress = new Progress(run);
        progress.Settle(node, row, Facts.Ended(run.Now));
        progress.Run();
    }

    private static string Reason(TaskTimeout kind, TaskRecord task, TaskDefinition definition, DateTimeOffset now)
    {
        var policy = definition.TimeoutPolicy switch
        {
            TaskTimeoutPolicy.Retry => "RETRY",
            TaskTimeoutPolicy.TimeOutWorkflow => "TIME_OUT_WF",
            _ => "ALERT_ONLY",
        };
        return kind switch
        {
            TaskTimeout.Poll => $"Task poll timed out after {Seconds(task.ScheduledTime, now)} seconds. "
                + $"Poll timeout configured as {definition.PollTimeoutSeconds} seconds. Timeout policy configured to {policy}",
            TaskTimeout.Response =>
                $"responseTimeout: {definition.ResponseTimeoutSeconds} exceeded for the taskId: {task.TaskId} with Task Definition: {task.TaskDefName}",
            TaskTimeout.Overall => $"Task timed out after {Seconds(task.StartTime, now)} seconds. "
                + $"Timeout configured as {definition.TimeoutSeconds} seconds. Timeout policy configured to {policy}",
            _ => $"Task {task.TaskDefName}/{task.TaskId} exceeded total timeout of {definition.TotalTimeoutSeconds} seconds "
                + $"(elapsed {Seconds(task.FirstScheduledTime, now)} seconds across all attempts including retry delays). Timeout policy: {policy}",
        };
    }

    private static long Seconds(DateTimeOffset? from, DateTimeOffset now) => from is null ? 0 : (long)(now - from.Value).TotalSeconds;
}
