using Conductor.Contracts.Workflows;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Postgres.Sagas.GroupCommit;
using Conductor.Postgres.Workflows;
using Conductor.Sagas.Workflow;
using Conductor.Workflows.Definitions;
using Conductor.Workflows.Metrics;

namespace Conductor.Workflows.Sagas;

/// <summary>Reads and writes the instances of a batch of messages: three round trips, however many they are.</summary>
internal sealed class WorkflowSagaStore(DefinitionCatalog catalog, WorkflowMetrics metrics) : ISagaBatchStore<WorkflowState>
{
    public async Task<IReadOnlyDictionary<Guid, WorkflowState>> LoadAsync(
        BatchTransaction transaction, IReadOnlyList<SagaMessage> messages, CancellationToken cancellationToken)
    {
        var taskIds = messages.Select(m => TaskOf(m.Message)).OfType<Guid>().ToHashSet();
        var ids = messages.Select(m => m.SagaId).ToHashSet();
        var (rows, tasks) = await WorkflowReads.InstancesAndTasksAsync(transaction, ids, taskIds, cancellationToken);
        var byWorkflow = tasks.Values.ToLookup(t => t.WorkflowId);
        var states = new Dictionary<Guid, WorkflowState>();
        foreach (var (id, row) in rows)
        {
            var graph = await catalog.GetAsync(row.Instance.DefinitionHash, cancellationToken);
            var session = catalog.Session(transaction, id, graph, byWorkflow[id].ToDictionary(t => t.TaskId));
            states[id] = WorkflowState.Stored(row.Instance, row.Lifecycle, row.NextEvent, session);
        }
        await PrefetchAsync(transaction, states, messages, cancellationToken);
        return states;
    }

    public Task SaveAsync(BatchTransaction transaction, IReadOnlyList<SagaChange<WorkflowState>> changes, CancellationToken cancellationToken)
    {
        var written = changes.Where(c => !c.IsCompleted && c.Saga.Instance is not null && c.Saga.Events.Count > 0)
            .Select(c => new InstanceChange(new InstanceRow(c.Saga.Instance!, c.Saga.CurrentState, c.Saga.FirstEvent), c.IsNew, c.Saga.Events, c.Saga.Trace))
                .ToList();
        if (written.Count > 0) WorkflowWrites.Append(transaction, written);
        return Task.CompletedTask;
    }

    public void Committed(IReadOnlyList<SagaChange<WorkflowState>> changes)
    {
        foreach (var change in changes) metrics.Committed(change.Saga);
    }

    private static async Task PrefetchAsync(
        BatchTransaction transaction, Dictionary<Guid, WorkflowState> states, IReadOnlyList<SagaMessage> messages, CancellationToken cancellationToken)
    {
        var inputs = new HashSet<Guid>();
        var references = new HashSet<(Guid Workflow, string Reference)>();
        foreach (var message in messages)
        {
            if (!states.TryGetValue(message.SagaId, out var state) || await NeedsAsync(state, message.Message, cancellationToken) is not { } needs) continue;
            if (needs.WorkflowInput) inputs.Add(message.SagaId);
            foreach (var name in needs.Tasks) references.Add((message.SagaId, name));
        }
        if (inputs.Count > 0)
            foreach (var (id, input) in await WorkflowReads.InputsAsync(transaction, inputs, cancellationToken))
                states[id].Session!.Context.Data.WithInput(input);
        if (references.Count == 0) return;
        var latest = await WorkflowReads.LatestAsync(transaction, [.. references], cancellationToken);
        foreach (var (workflow, name) in references)
            states[workflow].Session!.Context.Data.WithTask(name, latest.GetValueOrDefault((workflow, name)));
    }

    // Only the frequent messages: whatever else a decision needs it asks for.
    private static async Task<DataRequest?> NeedsAsync(WorkflowState state, object? message, CancellationToken cancellationToken)
    {
        if (message is not TaskExecuted executed || await state.Session!.TaskAsync(executed.TaskId, cancellationToken) is not { } task) return null;
        if (task.Status.IsTerminal() || state.Instance!.Status.IsTerminal()) return null;
        var command = new CompleteTask
        {
            Now = default, Seed = default, Task = task, Status = WorkflowDecisions.Status(executed.Outcome), Output = executed.Output,
        };
        return WorkflowDecider.Needs(state.Instance, command, state.Session.Context.Graph);
    }

    private static Guid? TaskOf(object? message) => message switch
    {
        TaskExecuted m => m.TaskId,
        ExtendTaskLease m => m.TaskId,
        TaskDeadlinePassed m => m.TaskId,
        WorkflowTimerElapsed m => m.TaskId,
        _ => null,
    };
}
