using Conductor.Postgres.Workflows;
using Conductor.Sagas.Workflow;
using Conductor.Workflows.Sagas;

namespace Conductor.Workflows.Tasks;

/// <summary>
/// Hands tasks out: each is an event of its execution, committed before the worker gets the task. Two servers, or a server and a change of the
/// execution, cannot both have it.
/// </summary>
internal sealed class HandOuts(Lazy<ExecutionMessages> messages, CountedTasks counted, TypeLimits limits, TimeProvider time) : ITaskHandOut
{
    public ValueTask<TaskLimit?> LimitAsync(string queue, CancellationToken cancellationToken) => limits.OfQueueAsync(queue, cancellationToken);

    public Task<(int Granted, DateTimeOffset? NextFree)> ClaimAsync(
        CountedRequest request, IReadOnlyList<QueuedTask> tasks, CancellationToken cancellationToken) =>
        counted.ClaimAsync(request, tasks, time.GetUtcNow(), cancellationToken);

    public Task<HandedOutTask?> HandOutAsync(QueuedTask task, string? workerId, bool isCounted, CancellationToken cancellationToken) =>
        HandOutAsync(new TakeTask(task.WorkflowId, task.TaskId, workerId, isCounted), cancellationToken);

    /// <summary>The same, to whomever the message names.</summary>
    public async Task<HandedOutTask?> HandOutAsync(TakeTask take, CancellationToken cancellationToken)
    {
        var task = await messages.Value.AskAsync(take, take.WorkflowId, take.TaskId, Taken, cancellationToken);
        if (task is null && take.IsCounted) await counted.ReleaseAsync([take.TaskId], cancellationToken);
        return task;
    }

    public Task ReturnAsync(HandedOutTask task, CancellationToken cancellationToken) => messages.Value.SendAsync(
        new ReturnTask(task.Task.WorkflowId, task.Task.TaskId, task.Task.PollCount), task.Task.WorkflowId, task.Task.TaskId, cancellationToken);

    private static HandedOutTask? Taken(WorkflowState? state) => state is { Answer: { IsAccepted: true, Task: { } task }, Instance: { } instance }
        ? new HandedOutTask(task, instance.Name, instance.DefinitionHash)
        : null;
}
