using System.Runtime.InteropServices;
using System.Text.Json;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Attempts that are scheduled together: all inputs are computed before any of them is executed, as Conductor does.</summary>
internal sealed class Round(DecisionRun run)
{
    private readonly List<PlannedTask> _tasks = [];
    private int _nextSeq = run.State.NextSeq;

    public DecisionRun Run => run;

    public IReadOnlyList<PlannedTask> Tasks => _tasks;

    public void Add(PlannedTask task)
    {
        run.Spend(JsonMarshal.GetRawUtf8Value(task.Row.Input).Length + JsonMarshal.GetRawUtf8Value(task.Row.Output).Length);
        _tasks.Add(task);
    }

    /// <summary>Plans an attempt; one whose input may not be made fails with the reason.</summary>
    public void Plan(GraphNode node, Attempt attempt)
    {
        try
        {
            node.Handler.Plan(this, node, attempt);
        }
        catch (ValueRefusedException refused)
        {
            var type = node.Task.Type == "SIMPLE" ? node.Task.Name! : node.Task.Type;
            var row = Row(node, attempt, type, node.Task.Name!, WorkflowTaskStatus.Scheduled, run.NewId(), JsonText.EmptyObject);
            _tasks.Add(new(node, row.Failed(run.Now, WorkflowTaskStatus.FailedWithTerminalError, refused.Message)));
            run.Refused();
        }
    }

    /// <summary>A row of a system task: in progress from now.</summary>
    public TaskRecord NewSystemRow(GraphNode node, Attempt attempt, string taskType, string taskDefName) =>
        NewRow(node, attempt, taskType, taskDefName, WorkflowTaskStatus.InProgress) with { StartTime = run.Now };

    public TaskRecord NewRow(GraphNode node, Attempt attempt, string taskType, string taskDefName, WorkflowTaskStatus status)
    {
        var id = run.NewId();
        return Row(node, attempt, taskType, taskDefName, status, id, Input(node, attempt, id));
    }

    private TaskRecord Row(
        GraphNode node, Attempt attempt, string taskType, string taskDefName, WorkflowTaskStatus status, Guid id, JsonElement input)
    {
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
            Input = input,
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

    private JsonElement Input(GraphNode node, Attempt attempt, Guid id)
    {
        run.Spend(0);
        run.Scope.TaskId = id;
        var input = node.Input.Resolve(run.Scope);
        return attempt.Previous is null ? input : JsonText.Merge(attempt.Previous.Input, input);
    }
}
