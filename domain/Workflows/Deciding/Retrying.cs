using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Runs an ended execution on from where it failed: each task whose last attempt did not succeed gets another, JOINs open again in place.</summary>
internal static class Retrying
{
    public static Decision Retry(DecisionRun run)
    {
        var status = run.State.Status;
        if (!status.IsTerminal()) return new Decision.Rejected(RejectionCode.NotFound, $"Workflow is still running.  status={status.Name()}");
        var latest = Latest(run.Data.All());
        if (run.IsMissing) return run.Result();
        var joins = latest.Where(task => task.TaskType == "JOIN" && !task.Status.IsSuccessful()).ToList();
        var again = latest.Where(task => task.TaskType != "JOIN" && !task.Status.IsSuccessful()).ToList();
        if (again.Count == 0 && joins.Count == 0 && status != WorkflowStatus.TimedOut)
            return new Decision.Rejected(
                RejectionCode.Conflict, "There are no retryable tasks! Use restart if you want to attempt entire workflow execution again.");
        run.Emit(new WorkflowRetried { At = run.Now });
        Timers.StartTimeout(run);
        var progress = new Progress(run);
        foreach (var task in again) Reschedule(run, progress, task);
        foreach (var join in joins) Reopen(run, progress, join, latest);
        Deferred.Follow(run, progress);
        return run.Result();
    }

    private static List<TaskRecord> Latest(IReadOnlyList<TaskRecord> tasks) =>
        [.. tasks.GroupBy(task => task.ReferenceName).Select(group => group.MaxBy(task => task.Seq)!).OrderBy(task => task.Seq)];

    private static void Reschedule(DecisionRun run, Progress progress, TaskRecord task)
    {
        var row = task with { Retried = true, Executed = true };
        run.Emit(new TaskRetried { At = run.Now, Task = row, WasFollowed = task.Executed });
        progress.Schedule(run.Graph.Get(task.NodeReference), new(row, 0, 0));
    }

    private static void Reopen(DecisionRun run, Progress progress, TaskRecord join, List<TaskRecord> latest)
    {
        var node = run.Graph.Get(join.NodeReference);
        var done = latest.Where(task => task.Status.IsTerminal() && task.Status.IsSuccessful()).Select(task => task.NodeReference).ToHashSet();
        var waiting = node.Task.JoinOn.Distinct().Count(name => !done.Contains(name));
        run.Emit(new TaskReopened
        {
            At = run.Now, Task = join with { Status = WorkflowTaskStatus.InProgress, EndTime = null, Reason = null, Executed = false, UpdateTime = run.Now },
        });
        run.Emit(new JoinCounted { At = run.Now, ReferenceName = node.ReferenceName, Progress = new(join.TaskId, waiting) });
        progress.CheckReady(node);
    }
}
