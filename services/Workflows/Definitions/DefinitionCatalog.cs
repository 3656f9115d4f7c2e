using System.Collections.Concurrent;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;
using Conductor.Postgres.Sagas.GroupCommit;
using Conductor.Postgres.Workflows;
using Conductor.Sagas.Workflow;
using Conductor.Workflows.Sagas;
using Conductor.Workflows.Tasks;

namespace Conductor.Workflows.Definitions;

/// <summary>Compiled definitions: those to start now, until something is registered, and for good those that executions run, by hash.</summary>
internal sealed class DefinitionCatalog(DefinitionTables tables, IPathQuery paths, PollLog polls) : IWorkflowCatalog
{
    private readonly ConcurrentDictionary<string, WorkflowGraph> _byHash = new();
    private ConcurrentDictionary<(string Name, int? Version), WorkflowGraph> _current = new();

    /// <summary>The next start reads the registered definitions again.</summary>
    public void Forget() => _current = new();

    public async ValueTask<WorkflowGraph?> FindAsync(string name, int? version, CancellationToken cancellationToken)
    {
        var current = _current;
        if (current.TryGetValue((name, version), out var known)) return known;
        if (await tables.FindAsync(name, version, cancellationToken) is not { } definition) return null;
        var graph = await SnapshotAsync(definition, cancellationToken);
        current[(name, version)] = graph;
        return graph;
    }

    /// <summary>Compiles a definition with the task definitions of now, and keeps its snapshot.</summary>
    public async Task<WorkflowGraph> SnapshotAsync(WorkflowDefinition definition, CancellationToken cancellationToken)
    {
        var tasks = await tables.TasksAsync(Snapshot.TaskNames(definition), cancellationToken);
        var snapshot = Snapshot.Embed(definition, tasks.ToDictionary(t => t.Name!));
        var hash = Snapshot.Hash(snapshot);
        if (_byHash.TryGetValue(hash, out var known)) return known;
        await tables.KeepAsync(hash, snapshot, cancellationToken);
        return _byHash.GetOrAdd(hash, WorkflowGraph.Compile(snapshot, hash));
    }

    /// <summary>The graph that an execution runs.</summary>
    public async ValueTask<WorkflowGraph> GetAsync(string hash, CancellationToken cancellationToken) =>
        _byHash.TryGetValue(hash, out var known)
            ? known
            : _byHash.GetOrAdd(hash, WorkflowGraph.Compile(await tables.SnapshotAsync(hash, cancellationToken), hash));

    public IWorkflowSession NewSession(Guid workflowId, WorkflowGraph graph) => StoreSession.New(workflowId, Context(graph));

    /// <summary>The session of a stored execution, of which nothing is loaded yet.</summary>
    public StoreSession Session(Guid workflowId, WorkflowGraph graph) => new(workflowId, Context(graph), []);

    private WorkflowContext Context(WorkflowGraph graph) => new(graph, new WorkflowData(), paths) { IsPolled = polls.IsPolled };
}
