using System.Diagnostics.Metrics;
using Conductor.Postgres;
using Conductor.Postgres.Workflows;

namespace Conductor.Workflows.Metrics;

/// <summary>The gauges of <c>Conductor.Workflows</c>: what is open in the database, read while somebody asks.</summary>
internal sealed class WorkflowGauges : IHostedService
{
    private readonly Sampled<WorkflowSample> _sample;

    public WorkflowGauges(IMeterFactory meters, WorkflowFigures figures, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<WorkflowGauges> logger)
    {
        _sample = new(cancel => figures.ReadAsync(time.GetUtcNow(), cancel), time, logger, lifetime.ApplicationStopping);
        var meter = meters.Create(WorkflowMetrics.Name);
        meter.CreateObservableGauge("conductor.workflows.executions.open", () => Each(s => s.Executions, e => e.Count, Execution), "{execution}",
            "Executions that run or are paused, up to 100,000");
        meter.CreateObservableGauge("conductor.workflows.queue.depth", () => Each(s => s.Queues, q => q.Count, q => Type(q.Queue)), "{task}",
            "Tasks that wait for a worker, delayed ones included");
        meter.CreateObservableGauge("conductor.workflows.queue.oldest", () => Each(s => s.Queues, q => q.Oldest.TotalSeconds, q => Type(q.Queue)), "s",
            "How long the oldest task that could be handed out has waited");
        meter.CreateObservableGauge("conductor.workflows.queue.last_poll", () => Each(s => s.Polls, p => p.Ago.TotalSeconds, p => Type(p.Queue)), "s",
            "Time since a worker last asked for tasks of the type");
        meter.CreateObservableGauge("conductor.workflows.timers.waiting", () => Each(Timers, t => t.Figures.Waiting, t => Kind(t.Kind)), "{timer}",
            "Timers and deadlines to come");
        meter.CreateObservableGauge("conductor.workflows.timers.overdue", () => Each(Timers, t => t.Figures.Overdue, t => Kind(t.Kind)), "{timer}",
            "Timers and deadlines that are due and not yet dealt with");
        meter.CreateObservableGauge("conductor.workflows.timers.oldest", () => Each(Timers, t => t.Figures.Oldest.TotalSeconds, t => Kind(t.Kind)), "s",
            "How long the oldest of these has been due");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<TValue>> Each<T, TValue>(
        Func<WorkflowSample, IEnumerable<T>> of, Func<T, TValue> value, Func<T, KeyValuePair<string, object?>[]> labels)
        where TValue : struct => _sample.Latest is { } sample ? of(sample).Select(x => new Measurement<TValue>(value(x), labels(x))) : [];

    private static IEnumerable<(string Kind, TimerFigures Figures)> Timers(WorkflowSample sample) => [("timer", sample.Timers), ("deadline", sample.Deadlines)];

    private static KeyValuePair<string, object?>[] Execution(OpenExecutions open) => [new("workflow", open.Workflow), new("status", open.Status)];

    private static KeyValuePair<string, object?>[] Type(string queue) => [new("task_type", queue)];

    private static KeyValuePair<string, object?>[] Kind(string kind) => [new("kind", kind)];
}
