using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Sagas.Workflow;

/// <summary>Port: the data of one execution for the time of a batch, loaded as decisions ask for it.</summary>
public interface IWorkflowSession
{
    /// <summary>What decisions may look at.</summary>
    WorkflowContext Context { get; }

    /// <summary>Loads what a decision misses, in the batch's transaction, into <see cref="Context"/>.</summary>
    Task LoadAsync(DataRequest request, CancellationToken cancellationToken);

    /// <summary>The row of an attempt as it is now, or null when the execution has no such attempt.</summary>
    ValueTask<TaskRecord?> TaskAsync(Guid taskId, CancellationToken cancellationToken);

    /// <summary>The attempts that have not ended, by seq.</summary>
    Task<IReadOnlyList<TaskRecord>> OpenTasksAsync(CancellationToken cancellationToken);

    /// <summary>Takes over what was decided, so that the next message sees it.</summary>
    void Apply(IReadOnlyList<WorkflowEvent> events);

    /// <summary>The same data under another definition.</summary>
    IWorkflowSession With(WorkflowGraph graph);
}

/// <summary>Port: registered definitions, compiled.</summary>
public interface IWorkflowCatalog
{
    /// <summary>The graph to start now, with the task definitions of now, or null when there is no such definition.</summary>
    /// <param name="name">Name of the definition.</param>
    /// <param name="version">Its version; the latest when null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<WorkflowGraph?> FindAsync(string name, int? version, CancellationToken cancellationToken);

    /// <summary>The graph of a definition that is kept under a hash.</summary>
    ValueTask<WorkflowGraph> GetAsync(string hash, CancellationToken cancellationToken);

    /// <summary>The session of an execution that begins: it has no data yet.</summary>
    IWorkflowSession NewSession(Guid workflowId, WorkflowGraph graph);
}
