using Conductor.Postgres.Workflows;
using Conductor.Sagas.Workflow;
using Conductor.Workflows.Sagas;

namespace Conductor.Workflows.Tasks;

/// <summary>
/// Hands tasks out: each is an event of its execution, committed before the worker gets the task. Two servers, or a server and a change of the
/// execution, cannot both have it.
/// </summary>
internal sealed class HandOuts(Lazy<ExecutionMessages> messages, CountedTasks counted, TypeLimits limits, TimeProvider time)
{
    /// <summary>Those of a queue.</summary>
    public ITaskHandOut Of(string queue) => new OfQueue(this, queue);

    /// <summary>Hands a task out; null when it waits for no worker any more.</summary>
    public async Task<HandedOutTask?> HandOutAsync(TakeTask take, CancellationToken cancellationToken)
    {
        var task = await messages.Value.AskAsync(take, take.WorkflowId, take.TaskId, Taken, cancellationToken);
        if (task is null && take.IsCounted) await counted.ReleaseAsync([take.TaskId], cancellationToken);
        return task;
    }

    private static HandedOutTask? Taken(WorkflowState? state) => state is { Answer: { IsAccepted: true, Task: { } task }, Instance: { } instance }
        ? new HandedOutTask(task, instance.Name, instance.DefinitionHash)
        : null;

    private sealed class OfQueue(HandOuts outs, string queue) : ITaskHandOut
    {
        public ValueTask<TaskLimit?> LimitAsync(CancellationToken cancellationToken) => outs.Limits.OfQueueAsync(queue, cancellationToken);

        public Task<(int Granted, DateTimeOffset? NextFree)> ClaimAsync(
            TaskLimit limit, IReadOnlyList<QueuedTask> tasks, CancellationToken cancellationToken) =>
            outs.Counted.ClaimAsync(new CountedRequest(queue, limit, MostOnBus: null), tasks, outs.Time.GetUtcNow(), cancellationToken);

        public Task<HandedOutTask?> HandOutAsync(QueuedTask task, string? workerId, bool isCounted, CancellationToken cancellationToken) =>
            outs.HandOutAsync(new TakeTask(task.WorkflowId, task.TaskId, workerId, isCounted), cancellationToken);

        public Task ReturnAsync(HandedOutTask task, CancellationToken cancellationToken) => outs.Messages.SendAsync(
            new ReturnTask(task.Task.WorkflowId, task.Task.TaskId, task.Task.PollCount), task.Task.WorkflowId, task.Task.TaskId, cancellationToken);
    }

    private TypeLimits Limits => limits;
    private CountedTasks Counted => counted;
    private TimeProvider Time => time;
    private ExecutionMessages Messages => messages.Value;
}
