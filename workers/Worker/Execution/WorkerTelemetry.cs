using System.Diagnostics;
using System.Diagnostics.Metrics;
using Conductor.Contracts.Workflows;

namespace Conductor.Worker.Execution;

/// <summary>Source and meter <c>Conductor.Worker</c>.</summary>
internal static class WorkerTelemetry
{
    public const string Name = "Conductor.Worker";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "conductor.worker.task.duration", "s", "Time that attempts took, by task type and outcome", tags: null,
        new() { HistogramBucketBoundaries = [0.01, 0.1, 1, 10, 60, 600] });
    private static readonly UpDownCounter<long> Running = Meter.CreateUpDownCounter<long>("conductor.worker.tasks.running", "{task}", "Attempts that run now");
    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "conductor.worker.server.failures", "{call}", "Calls to the server that failed and are repeated");

    public static Activity? Start(Assignment task)
    {
        Running.Add(1, new KeyValuePair<string, object?>("task_type", task.TaskType));
        var activity = Source.StartActivity($"execute {task.TaskType}", ActivityKind.Consumer);
        activity?.SetTag("conductor.workflow_id", task.WorkflowId).SetTag("conductor.task_id", task.TaskId).SetTag("conductor.attempt", task.Attempt);
        return activity;
    }

    public static void Stop(Activity? activity, TaskReport report, TimeSpan took)
    {
        var type = new KeyValuePair<string, object?>("task_type", report.Task.TaskType);
        Running.Add(-1, type);
        Duration.Record(took.TotalSeconds, type, new KeyValuePair<string, object?>("outcome", report.Outcome.ToString()));
        if (report.Outcome is TaskOutcome.Failed or TaskOutcome.FailedWithTerminalError) activity?.SetStatus(ActivityStatusCode.Error, report.Reason);
        activity?.SetTag("conductor.outcome", report.Outcome.ToString()).Dispose();
    }

    public static void ServerFailed(string call) => Retries.Add(1, new KeyValuePair<string, object?>("call", call));
}
