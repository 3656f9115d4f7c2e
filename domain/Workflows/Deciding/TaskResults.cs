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
        if (command.ExtendLease) ExtendLease(run, command);
        else if (command.Status == TaskResultStatus.InProgress) Requeue(run, node, command);
        else End(run, node, command);
        return run.Result();
    }

    // Nobody holds an attempt that waits on its queue.
    private static void ExtendLease(DecisionRun run, CompleteTask command)
    {
        if (command.Task.Status == WorkflowTaskStatus.InProgress)
            run.Emit(new TaskLeaseExtended { At = run.Now, Task = command.Task with { UpdateTime = run.Now }, Logs = command.Logs });
    }

    private static void Requeue(DecisionRun run, GraphNode node, CompleteTask command)
    {
        var isWorkers = !TaskTypes.IsSystem(node.Task.Type);
        var status = isWorkers ? WorkflowTaskStatus.Scheduled : WorkflowTaskStatus.InProgress;
        var row = Reported(command, status, isWorkers ? command.CallbackAfterSeconds : command.Task.CallbackAfterSeconds, run.Now, null);
        var availableAt = run.Now.AddSeconds(isWorkers ? command.CallbackAfterSeconds : 0);
        run.Emit(new TaskRequeued
        {
            At = run.Now,
            Task = row,
            Logs = command.Logs,
            Queue = isWorkers ? WorkerDomain.QueueOf(row.TaskType, row.Domain) : null,
            AvailableAt = availableAt,
        });
    }

    private static void End(DecisionRun run, GraphNode node, CompleteTask command)
    {
        var row = Reported(command, StatusOf(command.Status), command.CallbackAfterSeconds, run.Now, run.Now);
        if (row.WaitUntil is not null) run.Emit(new TimerCanceled { At = run.Now, Token = row.TaskId });
        var progress = new Progress(run);
        progress.Settle(node, row, ended => Facts.Ended(run.Now)(ended) with { Logs = command.Logs });
        progress.Run();
    }

    private static WorkflowTaskStatus StatusOf(TaskResultStatus status) => status switch
    {
        TaskResultStatus.Completed => WorkflowTaskStatus.Completed,
        TaskResultStatus.Failed => WorkflowTaskStatus.Failed,
        TaskResultStatus.FailedWithTerminalError => WorkflowTaskStatus.FailedWithTerminalError,
        TaskResultStatus.Canceled => WorkflowTaskStatus.Canceled,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not the end of an attempt."),
    };

    private static TaskRecord Reported(CompleteTask command, WorkflowTaskStatus status, long callbackAfterSeconds, DateTimeOffset now, DateTimeOffset? end) =>
        command.Task with
    {
        Status = status,
        Output = command.Output.OrEmptyObject(),
        Reason = command.Reason,
        WorkerId = command.WorkerId,
        CallbackAfterSeconds = callbackAfterSeconds,
        UpdateTime = now,
        EndTime = end,
    };
}
