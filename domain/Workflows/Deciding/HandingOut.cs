using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Tasks;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Attempts on their way to workers and back. A pause of the execution holds up neither, as in Conductor.</summary>
internal static class HandingOut
{
    public static Decision HandOut(DecisionRun run, HandOutTask command)
    {
        var task = command.Task;
        if (run.State.Status.IsTerminal() || task.Status != WorkflowTaskStatus.Scheduled)
            return new Decision.Rejected(RejectionCode.Conflict, $"Task {task.TaskId} waits for no worker: it is {task.Status.Name()}.");
        run.Emit(new TaskHandedOut { At = run.Now, Task = task.HandedOut(command.WorkerId, run.Now, command.IsCounted) });
        return run.Result();
    }

    public static Decision Release(DecisionRun run, ReleaseTask command)
    {
        var task = command.Task;
        if (run.State.Status.IsTerminal() || task.Status != WorkflowTaskStatus.InProgress || task.PollCount != command.PollCount) return run.Result();
        // As if it had not been handed out, but for its start: the overall deadline runs on.
        var row = task with { Status = WorkflowTaskStatus.Scheduled, WorkerId = null, PollCount = task.PollCount - 1, IsCounted = false, UpdateTime = run.Now };
        run.Emit(new TaskRequeued
        {
            At = run.Now, Task = row, Queue = WorkerDomain.QueueOf(row.TaskType, row.Domain), AvailableAt = run.Now,
        });
        return run.Result();
    }
}
