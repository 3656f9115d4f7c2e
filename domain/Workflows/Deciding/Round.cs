using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Attempts that are scheduled together: all inputs are computed before any of them is executed, as Conductor does.</summary>
internal sealed class Round(DecisionRun run)
{
    private readonly List<PlannedTask> _tasks = [];
    private int _nextSeq = run.State.NextSeq;

    public DecisionRun Run => run;

    public IReadOnlyList<PlannedTask> Tasks => _tasks;

    public void Add(PlannedTask task) => _tasks.Add(task);

    /// <summary>A row of a system task: in progress from now.</summary>
    public TaskRecord NewSystemRow(GraphNode node, Attempt attempt, string taskType, string taskDefName) =>
        NewRow(node, attempt, taskType, taskDefName, WorkflowTaskStatus.InProgress) with { StartTime = run.Now };

    public TaskRecord NewRow(GraphNode node, Attempt attempt, string taskType, string taskDefName, WorkflowTaskStatus status)
    {
        var id = run.NewId();
        var state = run.State;
        return new()
        {
            TaskId = id,
            WorkflowId = state.WorkflowId,
            ReferenceName = node.ReferenceName,
            NodeReference = node.ReferenceName,
            TaskType = taskType,
            TaskDefName = taskDefName,
            Seq = _nextSeq++,
            Attempt = attempt.Number,
            Status = status,
            Input = Input(node, attempt, id),
            Output = JsonText.EmptyObject,
            ScheduledTime = run.Now,
            UpdateTime = run.Now,
            FirstScheduledTime = attempt.Previous?.FirstScheduledTime ?? run.Now,
            FirstStartTime = attempt.Previous?.FirstStartTime,
            RetriedTaskId = attempt.Previous?.TaskId,
            Priority = state.Priority,
            CorrelationId = state.CorrelationId,
        };
    }

    private System.Text.Json.JsonElement Input(GraphNode node, Attempt attempt, Guid id)
    {
        run.Scope.TaskId = id;
        var input = node.Input.Resolve(run.Scope);
        return attempt.Previous is null ? input : JsonText.Merge(attempt.Previous.Input, input);
    }
}
