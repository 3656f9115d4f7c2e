using System.Diagnostics.Metrics;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Postgres.Workflows;
using Conductor.Sagas.Workflow;

namespace Conductor.Workflows.Metrics;

/// <summary>
/// The meter <c>Conductor.Workflows</c>: what has happened, counted after its commit. Labels have few values: names of definitions and of
/// task types.
/// </summary>
internal sealed class WorkflowMetrics
{
    public const string Name = "Conductor.Workflows";

    private static readonly InstrumentAdvice<double> FewBuckets = new() { HistogramBucketBoundaries = [0.01, 0.1, 1, 10, 60, 600, 3600] };
    private readonly Counter<long> _started;
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _wait;

    public WorkflowMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _started = meter.CreateCounter<long>("conductor.workflows.executions.started", "{execution}", "Executions started");
        _ended = meter.CreateCounter<long>("conductor.workflows.executions.ended", "{execution}", "Executions ended");
        _duration = meter.CreateHistogram("conductor.workflows.tasks.duration", "s", "Time from the hand-out of a task to its end", null, FewBuckets);
        _wait = meter.CreateHistogram("conductor.workflows.tasks.wait", "s", "Time that a task has waited for a worker", null, FewBuckets);
    }

    /// <summary>What a batch did to an execution.</summary>
    public void Committed(WorkflowState state)
    {
        for (var i = 0; i < state.Events.Count; i++)
        {
            var happened = state.Events[i];
            switch (happened)
            {
                case WorkflowStarted: _started.Add(1, new KeyValuePair<string, object?>("workflow", state.Instance!.Name)); break;
                case ExecutionEnded: _ended.Add(1, new("workflow", state.Instance!.Name), new("status", Status(happened))); break;
                case TaskCompleted or TaskFailed or TaskTimedOut or TaskCanceled: Ended(((TaskEvent)happened).Task); break;
            }
        }
    }

    /// <summary>Tasks that workers got. A task that comes back to its queue does not count again.</summary>
    public void HandedOut(IReadOnlyList<HandedOutTask> tasks)
    {
        foreach (var task in tasks.Select(t => t.Task))
            if (task is { PollCount: 1, StartTime: { } start, ScheduledTime: { } scheduled })
                _wait.Record(
                    Math.Max(0, (start - scheduled).TotalSeconds - task.StartDelaySeconds), new KeyValuePair<string, object?>("task_type", task.TaskType));
    }

    private void Ended(TaskRecord task)
    {
        if (task is not { StartTime: { } start, EndTime: { } end }) return;
        _duration.Record(Math.Max(0, (end - start).TotalSeconds), new("task_type", task.TaskType), new("status", task.Status.Name()));
    }

    // The state may have gone on since: an execution that ended and was restarted in one batch.
    private static string Status(WorkflowEvent ended) => ended switch
    {
        WorkflowCompleted => WorkflowStatus.Completed.Name(),
        WorkflowFailed => WorkflowStatus.Failed.Name(),
        WorkflowTimedOut => WorkflowStatus.TimedOut.Name(),
        _ => WorkflowStatus.Terminated.Name(),
    };
}
