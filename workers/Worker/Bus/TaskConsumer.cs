using System.Collections.Concurrent;
using Conductor.Contracts.Workflows;
using Conductor.Worker.Execution;
using Conductor.Worker.Handlers;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Conductor.Worker.Bus;

/// <summary>Executes the commands of one task type. The command is acknowledged when the result is on its way, so a crash loses nothing.</summary>
internal sealed partial class TaskConsumer(
    TaskHandler handler, BusTasks tasks, TaskRunner runner, WorkerStop stop, TimeProvider time, ILogger<TaskConsumer> logger)
{
    private readonly ConcurrentDictionary<Guid, Lazy<Task>> _running = new();

    // A second delivery of a command (the broker does that to one that runs for long) waits for the first instead of running it again.
    public async Task ExecuteAsync(ConsumeContext<ExecuteTask> context)
    {
        var id = context.Message.TaskId;
        if (context.ExpirationTime is { } expires && time.GetUtcNow().UtcDateTime > expires)
        {
            // The server has given the attempt up by now, and hands out the next one.
            LogExpired(context.Message.TaskType, id, expires);
            return;
        }
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
        HasWaited = true,
    };

    [LoggerMessage(LogLevel.Warning,
        "Task {TaskType} {TaskId} was over at {Expires}, before it could be executed here; where nothing keeps the worker busy, its clock is wrong")]
    private partial void LogExpired(string taskType, Guid taskId, DateTime expires);
}
