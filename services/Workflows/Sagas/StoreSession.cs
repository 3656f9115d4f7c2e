using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;
using Conductor.Postgres.Sagas.GroupCommit;
using Conductor.Postgres.Workflows;
using Conductor.Sagas.Workflow;

namespace Conductor.Workflows.Sagas;

/// <summary>
/// The data of one execution: what was prefetched for a batch, what a decision asks for beyond it, and what earlier batches left in memory. It is
/// bound to the transaction of the batch that uses it.
/// </summary>
internal sealed class StoreSession(Guid workflowId, WorkflowContext context, Dictionary<Guid, TaskRecord> tasks) : IWorkflowSession
{
    private BatchTransaction? _transaction;
    private bool _knowsAllOpen;

    public WorkflowContext Context => context;

    /// <summary>An execution that begins: it has no rows, and what there is of it comes from its events.</summary>
    public static StoreSession New(Guid workflowId, WorkflowContext context) => new(workflowId, context, []) { _knowsAllOpen = true };

    public StoreSession BoundTo(BatchTransaction? transaction)
    {
        _transaction = transaction;
        return this;
    }

    /// <summary>Whether the row of an attempt is in memory.</summary>
    public bool Knows(Guid taskId) => tasks.ContainsKey(taskId);

    /// <summary>The row of an attempt, if it is in memory.</summary>
    public TaskRecord? Known(Guid taskId) => tasks.GetValueOrDefault(taskId);

    /// <summary>Adds the row of an attempt.</summary>
    public void Add(TaskRecord task) => tasks[task.TaskId] = task;

    public async Task LoadAsync(DataRequest request, CancellationToken cancellationToken)
    {
        if (request.WorkflowInput) context.Data.WithInput(await InputAsync(cancellationToken));
        if (request.AllTasks) context.Data.WithAllTasks(await WorkflowReads.AllTasksAsync(Bound(), workflowId, cancellationToken));
        if (request.Tasks.Count == 0) return;
        var found = await WorkflowReads.LatestAsync(Bound(), [.. request.Tasks.Select(name => (workflowId, name))], cancellationToken);
        foreach (var name in request.Tasks) context.Data.WithTask(name, found.GetValueOrDefault((workflowId, name)));
    }

    public async ValueTask<TaskRecord?> TaskAsync(Guid taskId, CancellationToken cancellationToken)
    {
        if (tasks.TryGetValue(taskId, out var task) || _transaction is null) return task;
        var (_, found) = await WorkflowReads.InstancesAndTasksAsync(_transaction, [], [taskId], cancellationToken);
        return found.TryGetValue(taskId, out task) && task.WorkflowId == workflowId ? tasks[taskId] = task : null;
    }

    public async Task<IReadOnlyList<TaskRecord>> OpenTasksAsync(CancellationToken cancellationToken)
    {
        if (!_knowsAllOpen && _transaction is not null)
        {
            foreach (var open in await WorkflowReads.OpenTasksAsync(_transaction, workflowId, cancellationToken)) tasks.TryAdd(open.TaskId, open);
            _knowsAllOpen = true;
        }
        return [.. tasks.Values.Where(t => !t.Status.IsTerminal()).OrderBy(t => t.Seq)];
    }

    public void Apply(IReadOnlyList<WorkflowEvent> events)
    {
        context.Data.Apply(events);
        for (var i = 0; i < events.Count; i++)
        {
            var happened = events[i];
            if (happened is TaskEvent changed) tasks[changed.Task.TaskId] = changed.Task;
            else if (happened is OpenTasksCanceled canceled) Cancel(canceled.At);
            else if (happened is WorkflowRestarted) tasks.Clear();
        }
    }

    public IWorkflowSession With(WorkflowGraph graph) =>
        new StoreSession(workflowId, context with { Graph = graph }, tasks) { _transaction = _transaction, _knowsAllOpen = _knowsAllOpen };

    /// <summary>Lets go of the batch, and of what the next one does not need: attempts that have ended, payloads beyond a size.</summary>
    /// <returns>About how many bytes it still holds.</returns>
    public int Rest()
    {
        _transaction = null;
        var bytes = context.Data.Trim();
        // A dictionary may lose entries while it is walked through.
        foreach (var (id, task) in tasks)
        {
            if (task.Status.IsTerminal()) tasks.Remove(id);
            else bytes += WorkflowData.SizeOf(task);
        }
        return bytes;
    }

    private void Cancel(DateTimeOffset at)
    {
        foreach (var open in tasks.Values.Where(t => !t.Status.IsTerminal()).ToList())
            tasks[open.TaskId] = open with { Status = WorkflowTaskStatus.Canceled, EndTime = at, UpdateTime = at };
    }

    private async Task<System.Text.Json.JsonElement> InputAsync(CancellationToken cancellationToken) =>
        (await WorkflowReads.InputsAsync(Bound(), [workflowId], cancellationToken)).TryGetValue(workflowId, out var input)
            ? input
            : throw new InvalidOperationException($"execution {workflowId} has no stored input");

    private BatchTransaction Bound() => _transaction ?? throw new InvalidOperationException($"execution {workflowId} is in no batch");
}
