using System.Collections.Concurrent;
using Conductor.Contracts.Workflows;
using Conductor.Worker.Execution;
using Conductor.Worker.Handlers;
using MassTransit;

namespace Conductor.Worker.Bus;

/// <summary>Executes the commands of one task type. The command is acknowledged when the result is on its way, so a crash loses nothing.</summary>
internal sealed class TaskConsumer(TaskHandler handler, BusTasks tasks, TaskRunner runner, WorkerStop stop)
{
    private readonly ConcurrentDictionary<Guid, Lazy<Task>> _running = new();

    // A second delivery of a command (the broker does that to one that runs for long) waits for the first instead of running it again.
    public async Task ExecuteAsync(ConsumeContext<ExecuteTask> context)
    {
        var id = context.Message.TaskId;
        var run = _running.GetOrAdd(id, _ => new Lazy<Task>(() => RunAsync(context)));
        try
        {
            await run.Value;
        }
        finally
        {
            _running.TryRemove(new KeyValuePair<Guid, Lazy<Task>>(id, run));
        }
    }

    private async Task RunAsync(ConsumeContext<ExecuteTask> context)
    {
        var task = Assignment(context.Message);
        var report = stop.Stopping.IsCancellationRequested
            ? TaskReport.GiveBack(task)
            : await runner.RunAsync(handler, task, tasks.ExtendLeaseAsync, stop.GiveUp);
        await tasks.ReportAsync(report, context, stop.Abandon);
    }

    private static Assignment Assignment(ExecuteTask command) => new()
    {
        WorkflowId = command.WorkflowId.ToString(),
        TaskId = command.TaskId.ToString(),
        TaskType = command.TaskType,
        ReferenceName = command.ReferenceName,
        WorkflowName = command.WorkflowName,
        CorrelationId = command.CorrelationId,
        Attempt = command.Attempt,
        Input = command.Input,
        ResponseTimeout = command.ResponseTimeout,
    };
}
