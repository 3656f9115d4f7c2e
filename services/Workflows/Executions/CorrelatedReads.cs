using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;
using Conductor.Postgres.Workflows;
using Conductor.Workflows.Definitions;

namespace Conductor.Workflows.Executions;

/// <summary>An execution with what its answer holds.</summary>
internal sealed record CorrelatedExecution(StoredExecution Execution, IReadOnlyList<TaskRecord> Tasks, WorkflowGraph Graph);

/// <summary>Reads executions whole, with their tasks, in two round trips, however many they are.</summary>
internal sealed class CorrelatedReads(WorkflowSearch executions, TaskReads allTasks, DefinitionCatalog catalog)
{
    private const int Most = 10_000;

    public async Task<IReadOnlyList<CorrelatedExecution>> FindAsync(WorkflowFilter filter, bool includeTasks, CancellationToken cancellationToken)
    {
        var page = await executions.ListAsync(filter, Most, cancellationToken);
        var tasks = await allTasks.OfAsync(includeTasks ? [.. page.Select(e => e.Instance.WorkflowId)] : [], cancellationToken);
        var found = new List<CorrelatedExecution>();
        foreach (var execution in page)
            found.Add(new(execution, [.. tasks[execution.Instance.WorkflowId]], await catalog.GetAsync(execution.Instance.DefinitionHash, cancellationToken)));
        return found;
    }
}
