using System.Text.Json;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;
using Conductor.Postgres.Sagas.GroupCommit;
using Conductor.Sagas.Workflow;
using Conductor.Workflows.Sagas;

namespace Conductor.Workflows.Tests.Sagas;

/// <summary>One execution in memory, whose batches are written nowhere.</summary>
internal sealed class OneExecution(WorkflowGraph graph) : ISagaBatchStore<WorkflowState>, IWorkflowCatalog
{
    public WorkflowState? State { get; private set; }

    public bool NeedsLocks => false;

    public Task<IReadOnlyDictionary<Guid, WorkflowState>> LoadAsync(
        BatchTransaction transaction, IReadOnlyList<SagaMessage> messages, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<Guid, WorkflowState>>(
            State is null ? new Dictionary<Guid, WorkflowState>() : new() { [State.CorrelationId] = State });

    public Task<IBatchOutcome?> SaveAsync(
        BatchTransaction transaction, IReadOnlyList<SagaChange<WorkflowState>> changes, CancellationToken cancellationToken)
    {
        (State = changes.Single().Saga).Committed();
        return Task.FromResult<IBatchOutcome?>(null);
    }

    public ValueTask<WorkflowGraph?> FindAsync(string name, int? version, CancellationToken cancellationToken) => new(graph);

    public ValueTask<WorkflowGraph> GetAsync(string hash, CancellationToken cancellationToken) => new(graph);

    public IWorkflowSession NewSession(Guid workflowId, WorkflowGraph started) =>
        StoreSession.New(workflowId, new WorkflowContext(started, new WorkflowData(), new NoPaths()));

    private sealed class NoPaths : IPathQuery
    {
        public JsonElement? Select(JsonElement root, string path, PathWork work) => throw new NotSupportedException(path);
    }
}
