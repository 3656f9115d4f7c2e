using System.Diagnostics.CodeAnalysis;
using Conductor.Contracts.Workflows;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Postgres.Sagas.GroupCommit;
using Conductor.Postgres.Workflows;
using Conductor.Sagas.Workflow;
using Conductor.Workflows.Definitions;

namespace Conductor.Workflows.Sagas;

/// <summary>
/// Reads and writes the executions of a batch of messages. Those that are in memory are not read; the others take two round trips, however many
/// they are.
/// </summary>
internal sealed class WorkflowSagaStore(DefinitionCatalog catalog, ScriptWaits waits, ExecutionCache cache, LiveServers servers, CommitEffects effects)
    : ISagaBatchStore<WorkflowState>
{
    public bool NeedsLocks => servers.AreOthers;

    public async Task<IReadOnlyDictionary<Guid, WorkflowState>> LoadAsync(
        BatchTransaction transaction, IReadOnlyList<SagaMessage> messages, CancellationToken cancellationToken)
    {
        var (states, cold, taskIds) = (new Dictionary<Guid, WorkflowState>(messages.Count), new HashSet<Guid>(), new HashSet<Guid>());
        foreach (var message in messages)
        {
            var id = message.SagaId;
            if (message.IsNew || states.ContainsKey(id) || cold.Contains(id)) continue;
            // What is locked is read: it may have changed on another server.
            if (cache.Take(id) is not { } kept || transaction.IsLocked) cold.Add(id);
            else (states[id] = kept).Session = Session(kept).BoundTo(transaction);
        }
        foreach (var message in messages)
            if (TaskOf(message.Message) is { } task && !(states.TryGetValue(message.SagaId, out var state) && Session(state).Knows(task))) taskIds.Add(task);
        if (cold.Count > 0 || taskIds.Count > 0) await ReadAsync(transaction, states, cold, taskIds, cancellationToken);
        await PrefetchAsync(transaction, states, messages, cancellationToken);
        return states;
    }

    public Task<IBatchOutcome?> SaveAsync(
        BatchTransaction transaction, IReadOnlyList<SagaChange<WorkflowState>> changes, CancellationToken cancellationToken)
    {
        List<WorkflowState> states = [.. changes.Where(c => !c.IsCompleted && c.Saga.Instance is not null).Select(c => c.Saga)];
        var promises = effects.HandOut(states);
        try
        {
            List<InstanceChange> written = [.. states.Where(s => s.Events.Count > 0 || s.HasNewWake).Select(Change)];
            var queued = written.Count > 0 ? effects.Tell(transaction, WorkflowWrites.Append(transaction, written)) : [];
            return Task.FromResult<IBatchOutcome?>(new BatchOutcome(effects, states, promises, queued));
        }
        catch
        {
            effects.Abandoned(promises);
            throw;
        }
    }

    public async Task<bool> IsSavedAsync(
        BatchTransaction transaction, IReadOnlyList<SagaChange<WorkflowState>> changes, CancellationToken cancellationToken) =>
        changes.FirstOrDefault(c => c.Saga is { Instance: not null, Events.Count: > 0 }).Saga is not { } state
            || await WorkflowReads.HasHappenedAsync(transaction, Change(state), cancellationToken);

    public bool MustWait(object message, [NotNullWhen(true)] out Task? wait) => waits.TryTake(message, out wait);

    private static InstanceChange Change(WorkflowState state) => new(
        new InstanceRow(state.Instance!, state.CurrentState, state.FirstEvent, state.WakeAt), Place(state.StoredStatus), state.Events, state.Trace);

    private static InstancePlace Place(WorkflowStatus? stored) =>
        stored is not { } status ? InstancePlace.None : status.IsTerminal() ? InstancePlace.Ended : InstancePlace.UnderWay;

    private static StoreSession Session(WorkflowState state) => (StoreSession)state.Session!;

    private async Task ReadAsync(
        BatchTransaction transaction, Dictionary<Guid, WorkflowState> states, HashSet<Guid> cold, HashSet<Guid> taskIds, CancellationToken cancellationToken)
    {
        var (rows, tasks) = await WorkflowReads.InstancesAndTasksAsync(transaction, cold, taskIds, cancellationToken);
        foreach (var (id, row) in rows)
        {
            var session = catalog.Session(id, await catalog.GetAsync(row.Instance.DefinitionHash, cancellationToken)).BoundTo(transaction);
            states[id] = WorkflowState.Stored(row.Instance, row.Lifecycle, row.NextEvent, row.WakeAt, session);
        }
        foreach (var task in tasks.Values)
            if (states.TryGetValue(task.WorkflowId, out var state)) Session(state).Add(task);
    }

    private static async Task PrefetchAsync(
        BatchTransaction transaction, Dictionary<Guid, WorkflowState> states, IReadOnlyList<SagaMessage> messages, CancellationToken cancellationToken)
    {
        var inputs = new HashSet<Guid>();
        var references = new HashSet<(Guid Workflow, string Reference)>();
        foreach (var message in messages)
        {
            if (!states.TryGetValue(message.SagaId, out var state) || await NeedsAsync(state, message.Message, cancellationToken) is not { } needs) continue;
            var known = state.Session!.Context.Data;
            if (needs.WorkflowInput && known.Input is null) inputs.Add(message.SagaId);
            foreach (var name in needs.Tasks)
                if (!known.TryLatest(name, out _)) references.Add((message.SagaId, name));
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
    private static async ValueTask<DataRequest?> NeedsAsync(WorkflowState state, object? message, CancellationToken cancellationToken)
    {
        if (TaskOf(message) is not { } taskId || await state.Session!.TaskAsync(taskId, cancellationToken) is not { } task) return null;
        if (task.Status.IsTerminal() || state.Instance!.Status.IsTerminal()) return null;
        WorkflowCommand? command = message switch
        {
            TaskExecuted m => new CompleteTask
            {
                Now = default, Seed = default, Task = task, Status = WorkflowDecisions.Status(m.Outcome), Output = m.Output,
            },
            WorkflowTimerElapsed m => new FireTimer { Now = default, Seed = default, Token = m.Token, Purpose = m.Purpose, Task = task },
            _ => null,
        };
        return command is null ? null : WorkflowDecider.Needs(state.Instance, command, state.Session.Context.Graph);
    }

    private static Guid? TaskOf(object? message) => message switch
    {
        TaskExecuted m => m.TaskId,
        ExtendTaskLease m => m.TaskId,
        TakeTask m => m.TaskId,
        ReturnTask m => m.TaskId,
        WorkflowTimerElapsed m => m.TaskId,
        _ => null,
    };
}
