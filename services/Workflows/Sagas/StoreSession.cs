using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;
using Conductor.Postgres.Sagas.GroupCommit;
using Conductor.Postgres.Workflows;
using Conductor.Sagas.Workflow;

namespace Conductor.Workflows.Sagas;

/// <summary>The data of one execution in a batch: what was prefetched for all, and what a decision asks for beyond it.</summary>
internal sealed class StoreSession(BatchTransaction? transaction, Guid workflowId, WorkflowContext context, Dictionary<Guid, TaskRecord> tasks)
    : IWorkflowSession
{
    public WorkflowContext Context => context;

    public async Task LoadAsync(DataRequest request, CancellationToken cancellationToken)
    {
        if (request.WorkflowInput) context.Data.WithInput(await InputAsync(cancellationToken));
        if (request.AllTasks)
            context.Data.WithAllTasks(transaction is null ? [] : await WorkflowReads.AllTasksAsync(transaction, workflowId, cancellationToken));
        if (request.Tasks.Count == 0) return;
        var found = transaction is null
            ? new Dictionary<(Guid, string), TaskRecord>()
            : await WorkflowReads.LatestAsync(transaction, [.. request.Tasks.Select(name => (workflowId, name))], cancellationToken);
        foreach (var name in request.Tasks) context.Data.WithTask(name, found.GetValueOrDefault((workflowId, name)));
    }

    public async Task<TaskRecord?> TaskAsync(Guid taskId, CancellationToken cancellationToken)
    {
        if (tasks.TryGetValue(taskId, out var task) || transaction is null) return task;
        var (_, found) = await WorkflowReads.InstancesAndTasksAsync(transaction, [], [taskId], cancellationToken);
        return found.TryGetValue(taskId, out task) && task.WorkflowId == workflowId ? tasks[taskId] = task : null;
    }

    public void Apply(IReadOnlyList<WorkflowEvent> events)
    {
        context.Data.Apply(events);
        foreach (var happened in events)
        {
            if (happened is TaskEvent changed) tasks[changed.Task.TaskId] = changed.Task;
            else if (happened is OpenTasksCanceled canceled) Cancel(canceled.At);
            else if (happened is WorkflowRestarted) tasks.Clear();
        }
    }

    public IWorkflowSession With(WorkflowGraph graph) => new StoreSession(transaction, workflowId, context with { Graph = graph }, tasks);

    private void Cancel(DateTimeOffset at)
    {
        foreach (var open in tasks.Values.Where(t => !t.Status.IsTerminal()).ToList())
            tasks[open.TaskId] = open with { Status = WorkflowTaskStatus.Canceled, EndTime = at, UpdateTime = at };
    }

    private async Task<System.Text.Json.JsonElement> InputAsync(CancellationToken cancellationToken) =>
        transaction is not null
            && (await WorkflowReads.InputsAsync(transaction, [workflowId], cancellationToken)).TryGetValue(workflowId, out var input)
            ? input
            : throw new InvalidOperationException($"execution {workflowId} has no stored input");
}
