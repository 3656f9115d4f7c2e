using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Marks a task as done before it is reached.</summary>
internal static class Skipping
{
    public static Decision Skip(DecisionRun run, SkipAhead command)
    {
        var state = run.State;
        var name = command.ReferenceName;
        if (!run.IsRunning)
            return new Decision.Rejected(
                RejectionCode.Conflict, $"The workflow {state.WorkflowId} is not running so the task referenced by {name} cannot be skipped");
        if (run.Graph.Find(name) is not { } node)
            return new Decision.Rejected(RejectionCode.NotFound, $"The task referenced by {name} does not exist in the WorkflowDefinition {state.Name}");
        if (run.Data.Latest(name) is not null || state.SkippedAhead.Contains(name))
            return new Decision.Rejected(RejectionCode.Conflict, $"The task referenced {name} has already been processed, cannot be skipped");
        if (run.IsMissing) return run.Result();
        run.Emit(new TaskSkipped { At = run.Now, Task = Row(run, node.Task.Name!, command) });
        var progress = new Progress(run);
        progress.Count(node);
        progress.Run();
        return run.Result();
    }

    private static TaskRecord Row(DecisionRun run, string taskName, SkipAhead command) => new()
    {
        TaskId = run.NewId(),
        WorkflowId = run.State.WorkflowId,
        ReferenceName = command.ReferenceName,
        NodeReference = command.ReferenceName,
        TaskType = taskName,
        TaskDefName = taskName,
        Seq = 0,
        Status = WorkflowTaskStatus.Skipped,
        Input = command.Input.OrEmptyObject(),
        Output = command.Output.OrEmptyObject(),
        ScheduledTime = run.Now,
        EndTime = run.Now,
        Priority = run.State.Priority,
        CorrelationId = run.State.CorrelationId,
    };
}
