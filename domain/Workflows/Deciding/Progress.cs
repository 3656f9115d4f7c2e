using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;
using Conductor.Domain.Workflows.Limits;
using Conductor.Domain.Workflows.Tasks;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Carries an execution on until everything waits for somebody, or it has ended.</summary>
internal sealed class Progress(DecisionRun run)
{
    /// <summary>A definition is finite and a task is reached once; more rounds than this are a defect.</summary>
    private const int MaximumRounds = 100_000;

    private readonly Queue<(GraphNode Node, Attempt Attempt)> _next = new(2);
    private Queue<GraphNode>? _ready;

    private bool CanGoOn => run.IsRunning && !run.IsMissing;

    public void Schedule(GraphNode? node) => Schedule(node, Attempt.First);

    public void Schedule(GraphNode? node, Attempt attempt)
    {
        if (node is not null) _next.Enqueue((node, attempt));
    }

    /// <summary>An attempt has ended (by a command): say so, and do what comes of it; while paused that waits.</summary>
    public void Settle(GraphNode node, TaskRecord row, Func<TaskRecord, TaskEvent> fact)
    {
        if (!run.IsRunning)
        {
            run.Emit(fact(row));
            return;
        }
        var judgement = Judgement.Of(node, row, run.Now);
        run.Emit(fact(judgement.Row));
        Act(node, judgement, hasChildren: false);
    }

    /// <summary>Does what comes of an attempt whose end is already told.</summary>
    public void Act(GraphNode node, Judgement judgement, bool hasChildren)
    {
        switch (judgement.Verdict)
        {
            case Verdict.Retry:
                var jitter = run.Jitter(node.TaskDefinition.BackoffJitterMs);
                Schedule(node, new(judgement.Row, RetryDelay.After(judgement.Row.Attempt, node.TaskDefinition), jitter));
                break;
            case Verdict.Follow:
                Follow(node, judgement.Row, hasChildren);
                break;
            default:
                Ending.ByTask(run, judgement.Row, judgement.Reason);
                break;
        }
    }

    /// <summary>Runs to the fixed point.</summary>
    public void Run()
    {
        for (var rounds = 0; CanGoOn && (_next.Count > 0 || _ready is { Count: > 0 }); rounds++)
        {
            if (rounds == MaximumRounds)
                throw new InvalidOperationException($"Workflow {run.State.WorkflowId} does not settle: {MaximumRounds} rounds in one decision.");
            if (_next.Count > 0) RunRound();
            else FinishJoin(_ready!.Dequeue());
        }
        if (CanGoOn && run.State.OpenTasks == 0) Ending.AtLastTask(run);
    }

    /// <summary>A joined task has ended (or was skipped): the JOINs that wait for it count.</summary>
    public void Count(GraphNode node)
    {
        foreach (var join in node.JoinedBy)
            if (run.State.Joins.TryGetValue(join.ReferenceName, out var progress))
            {
                run.Emit(new JoinCounted { At = run.Now, ReferenceName = join.ReferenceName, Progress = progress with { Waiting = progress.Waiting - 1 } });
                if (progress.Waiting == 1) (_ready ??= new()).Enqueue(join);
            }
    }

    /// <summary>A JOIN that may have nothing to wait for.</summary>
    public void CheckReady(GraphNode join)
    {
        if (run.State.Joins.TryGetValue(join.ReferenceName, out var progress) && progress.Waiting <= 0) (_ready ??= new()).Enqueue(join);
    }

    private void Follow(GraphNode node, TaskRecord row, bool hasChildren)
    {
        if (!row.Status.IsSuccessful())
            run.Emit(new PermissiveFailureNoted { At = run.Now, Failure = new(node.ReferenceName, Ending.Describe(row, row.Status.Name())) });
        Count(node);
        if (!hasChildren && !run.State.FollowedBefore.Contains(node.ReferenceName)) Schedule(run.Unskipped(node.Next));
    }

    private void RunRound()
    {
        var round = new Round(run);
        while (_next.TryDequeue(out var next)) round.Plan(next.Node, next.Attempt);
        if (run.IsMissing) return;
        List<(PlannedTask Task, Judgement Judgement)>? judged = null;
        foreach (var task in round.Tasks) EmitPlanned(task, ref judged);
        if (run.Terminating is { } terminating)
        {
            Ending.ByTerminate(run, terminating);
            return;
        }
        if (judged?.Exists(pair => pair.Judgement.Verdict == Verdict.Fatal) == true) DeferOthers(judged);
        foreach (var (task, judgement) in judged ?? [])
            if (CanGoOn) Act(task.Node, judgement, task.HasChildren);
    }

    /// <summary>The round ends the execution: a retry will follow what else ended in it.</summary>
    private void DeferOthers(List<(PlannedTask Task, Judgement Judgement)> judged)
    {
        foreach (var (task, judgement) in judged.Where(pair => pair.Judgement.Verdict == Verdict.Follow && !pair.Task.HasChildren))
            run.Emit(new TaskDeferred { At = run.Now, Task = judgement.Row with { Executed = false } });
        judged.RemoveAll(pair => pair.Judgement.Verdict == Verdict.Follow);
    }

    private void EmitPlanned(PlannedTask task, ref List<(PlannedTask Task, Judgement Judgement)>? judged)
    {
        if (!task.Row.Status.IsTerminal()) task.Node.Handler.Execute(run, task);
        if (task.Row.Status.IsTerminal())
        {
            var judgement = Judgement.Of(task.Node, task.Row, run.Now);
            task.Row = judgement.Row;
            (judged ??= []).Add((task, judgement));
        }
        run.Emit(new TaskScheduled
        {
            At = run.Now, Task = task.Row, Queue = task.Queue, AvailableAt = task.Queue is null ? run.Now : task.AvailableAt,
        });
        if (task.Then is null) return;
        run.Emit(task.Then);
        if (task.Then is JoinCounted) CheckReady(task.Node);
    }

    private void FinishJoin(GraphNode join)
    {
        if (run.Data.Latest(join.ReferenceName) is not { } row) return;
        var finished = Finished(join, row);
        if (run.IsMissing || row.Status.IsTerminal()) return;
        run.Emit(new JoinCounted { At = run.Now, ReferenceName = join.ReferenceName, Progress = null });
        Settle(join, finished, Facts.Ended(run.Now));
    }

    private TaskRecord Finished(GraphNode join, TaskRecord row)
    {
        try
        {
            return JoinTask.Finish(run, join, row);
        }
        catch (ValueRefusedException refused)
        {
            return row.Failed(run.Now, WorkflowTaskStatus.FailedWithTerminalError, refused.Message);
        }
    }
}
