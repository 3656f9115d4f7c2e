using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Does what came of the tasks that ended while the execution was paused.</summary>
internal static class Deferred
{
    public static void Follow(DecisionRun run, Progress progress)
    {
        foreach (var reference in run.State.Deferred)
        {
            if (run.Data.Latest(reference) is not { } row || !run.IsRunning) continue;
            var node = run.Graph.Get(reference);
            var judgement = Judgement.Of(node, row, run.Now);
            run.Emit(judgement.Verdict == Verdict.Retry
                ? new TaskRetried { At = run.Now, Task = judgement.Row }
                : new TaskFollowed { At = run.Now, Task = judgement.Row });
            progress.Act(node, judgement, hasChildren: false);
        }
        progress.Run();
    }
}
