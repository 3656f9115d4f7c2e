using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;
using Conductor.Domain.Workflows.Tasks;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>A worker's report on an attempt. Reports on what has ended change nothing.</summary>
internal static class TaskResults
{
    public static Decision Complete(DecisionRun run, CompleteTask command)
    {
        var task = command.Task;
        if (run.State.Status.IsTerminal() || task.Status.IsTerminal()) return run.Result();
        run.Data.Change(task);
        var node = run.Graph.Get(task.NodeReference);
        if (command.ExtendLease) run.Emit(new TaskLeaseExtended { At = run.Now, Task = task with { UpdateTime = run.Now } });
        else if (command.Status == TaskResultStatus.InProgress) Requeue(run, node, command);
        else End(run, node, command);
        return run.Result();
    }

    private static void Requeue(DecisionRun run, GraphNode node, CompleteTask command)
    {
        var isWorkers = !TaskTypes.IsSystem(node.Task.Type);
        var row = Reported(command, run.Now) with
        {
            Status = isWorkers ? WorkflowTaskStatus.Scheduled : WorkflowTaskStatus.InProgress,
            CallbackAfterSeconds = isWorkers ? command.CallbackAfterSeconds : command.Task.CallbackAfterSeconds,
        };
        var availableAt = run.Now.AddSeconds(isWorkers ? command.CallbackAfterSeconds : 0);
        var deadlines = Deadlines.Of(row, node.TaskDefinition, availableAt);
        run.Emit(new TaskRequeued { At = run.Now, Task = row, Queue = isWorkers ? WorkerDomain.Queue(row) : null, AvailableAt = availableAt, Deadlines = deadlines });
    }

    private static void End(DecisionRun run, GraphNode node, CompleteTask command)
    {
        var row = Reported(command, run.Now) with { EndTime = run.Now, CallbackAfterSeconds = command.CallbackAfterSeconds };
        row = row with
        {
            Status = command.Status switch
            {
                TaskResultStatus.Completed => WorkflowTaskStatus.Completed,
                TaskResultStatus.Failed => WorkflowTaskStatus.Failed,
                TaskResultStatus.FailedWithTerminalError => WorkflowTaskStatus.FailedWithTerminalError,
                TaskResultStatus.Canceled => WorkflowTaskStatus.Canceled,
                _ => throw new ArgumentOutOfRangeException(nameof(command), command.Status, "Not the end of an attempt."),
            },
        };
        if (row.WaitUntil is not null) run.Emit(new TimerCanceled { At = run.Now, Token = row.TaskId });
        var progress = new Progress(run);
        progress.Settle(node, row, Facts.Ended(run.Now));
        progress.Run();
    }

    private static TaskRecord Reported(CompleteTask command, DateTimeOffset now) => command.Task with
    {
        Output = command.Output.OrEmptyObject(),
        Reason = command.Reason,
        WorkerId = command.WorkerId,
        UpdateTime = now,
    };
}
