using System.Diagnostics.CodeAnalysis;
using Conductor.Contracts.Workflows;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Postgres.Sagas.GroupCommit;
using Conductor.Postgres.Workflows;
using Conductor.Sagas.Workflow;
using Conductor.Workflows.Definitions;
using Conductor.Workflows.Metrics;
using Conductor.Workflows.Tasks;

namespace Conductor.Workflows.Sagas;

/// <summary>Reads and writes the instances of a batch of messages: three round trips, however many they are.</summary>
internal sealed class WorkflowSagaStore(DefinitionCatalog catalog, ScriptWaits waits, WorkflowMetrics metrics, Alarm alarm) : ISagaBatchStore<WorkflowState>
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

    public bool MustWait(object message, [NotNullWhen(true)] out Task? wait) => waits.TryTake(message, out wait);

    public void Committed(IReadOnlyList<SagaChange<WorkflowState>> changes)
    {
        foreach (var change in changes)
        {
            metrics.Committed(change.Saga);
            foreach (var happened in change.Saga.Events) alarm.Expect(Due(happened));
        }
    }

    // The first moment at which what has happened may be due. A later one is found when this one has passed.
    private static DateTimeOffset? Due(WorkflowEvent happened) => happened switch
    {
        TimerStarted timer => timer.Due,
        TaskScheduled task => Due(task.Deadlines, task.Queue, task.AvailableAt),
        TaskRequeued task => Due(task.Deadlines, task.Queue, task.AvailableAt),
        _ => null,
    };

    private static DateTimeOffset? Due(TaskDeadlines deadlines, string? queue, DateTimeOffset availableAt)
    {
        // What no worker takes counts from now; what waits for a worker, from its hand-out.
        DateTimeOffset?[] all = [deadlines.Poll, deadlines.Total, queue is null ? availableAt + deadlines.Response : null,
            queue is null ? availableAt + deadlines.Overall : null];
        return all.Min();
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
        if (TaskOf(message) is not { } taskId || await state.Session!.TaskAsync(taskId, cancellationToken) is not { } task) return null;
        if (task.Status.IsTerminal() || state.Instance!.Status.IsTerminal()) return null;
        WorkflowCommand? command = message switch
        {
            TaskExecuted m => new CompleteTask
            {
                Now = default, Seed = default, Task = task, Status = WorkflowDecisions.Status(m.Outcome), Output = m.Output,
            },
            TaskDeadlinePassed => new TimeOutTask { Now = default, Seed = default, Task = task },
            WorkflowTimerElapsed m => new FireTimer { Now = default, Seed = default, Token = m.Token, Purpose = m.Purpose, Task = task },
            _ => null,
        };
        return command is null ? null : WorkflowDecider.Needs(state.Instance, command, state.Session.Context.Graph);
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
