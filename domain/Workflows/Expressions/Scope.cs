using System.Text.Json;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Workflows.Expressions;

/// <summary>What expressions see: the execution, and the latest attempt of each task.</summary>
internal sealed class Scope(DecisionData data, IPathQuery paths)
{
    private PathWork? _work;

    public IPathQuery Paths => paths;

    /// <summary>What the queries of the decision may do.</summary>
    public PathWork Work => _work ??= new(Document);

    /// <summary>State of the execution.</summary>
    public required WorkflowInstance Workflow { get; set; }

    /// <summary>Attempt whose input is computed.</summary>
    public Guid TaskId { get; set; }

    public JsonElement? Field(string source, string field)
    {
        if (source == "workflow") return WorkflowField(field);
        return data.Latest(source) is { } task ? TaskField(task, field) : null;
    }

    public JsonElement? Document(string source)
    {
        if (source == "workflow") return Whole(WorkflowFields, WorkflowField);
        return data.Latest(source) is { } task ? Whole(TaskFields, field => TaskField(task, field)) : null;
    }

    private static readonly string[] WorkflowFields = ["input", "output", "status", "workflowId", "parentWorkflowId", "parentWorkflowTaskId",
        "workflowType", "version", "correlationId", "reasonForIncompletion", "schemaVersion", "variables"];

    private static readonly string[] TaskFields = ["input", "output", "taskType", "status", "referenceTaskName", "retryCount", "correlationId",
        "pollCount", "taskDefName", "scheduledTime", "startTime", "endTime", "workflowInstanceId", "taskId", "reasonForIncompletion",
        "callbackAfterSeconds", "workerId", "iteration"];

    private JsonElement? WorkflowField(string field) => field switch
    {
        "input" => data.Input(),
        "variables" => Workflow.Variables,
        "output" => JsonText.EmptyObject,
        "status" => JsonText.Of(Workflow.Status.Name()),
        "workflowId" => JsonText.Of(Workflow.WorkflowId.ToString()),
        "parentWorkflowId" => JsonText.Of(Workflow.ParentWorkflowId?.ToString()),
        "parentWorkflowTaskId" => JsonText.Of(Workflow.ParentTaskId?.ToString()),
        "workflowType" => JsonText.Of(Workflow.Name),
        "version" => JsonText.Of(Workflow.Version),
        "correlationId" => JsonText.Of(Workflow.CorrelationId),
        "reasonForIncompletion" => JsonText.Of(Workflow.Reason),
        "schemaVersion" => JsonText.Of(2),
        _ => null,
    };

    private static JsonElement? TaskField(TaskRecord task, string field) => field switch
    {
        "output" => task.Output,
        "input" => task.Input,
        "taskType" => JsonText.Of(task.TaskType),
        "status" => JsonText.Of(task.Status.Name()),
        "referenceTaskName" => JsonText.Of(task.ReferenceName),
        "retryCount" => JsonText.Of(task.Attempt),
        "correlationId" => JsonText.Of(task.CorrelationId),
        "pollCount" => JsonText.Of(task.PollCount),
        "taskDefName" => JsonText.Of(task.TaskDefName),
        "scheduledTime" => Time(task.ScheduledTime),
        "startTime" => Time(task.StartTime),
        "endTime" => Time(task.EndTime),
        "workflowInstanceId" => JsonText.Of(task.WorkflowId.ToString()),
        "taskId" => JsonText.Of(task.TaskId.ToString()),
        "reasonForIncompletion" => JsonText.Of(task.Reason),
        "callbackAfterSeconds" => JsonText.Of(task.CallbackAfterSeconds),
        "workerId" => JsonText.Of(task.WorkerId),
        "iteration" => JsonText.Of(task.Iteration),
        _ => null,
    };

    private static JsonElement Time(DateTimeOffset? time) => JsonText.Of(time?.ToUnixTimeMilliseconds() ?? 0);

    private static JsonElement Whole(string[] fields, Func<string, JsonElement?> value) => JsonText.Build((fields, value), static (writer, state) =>
    {
        writer.WriteStartObject();
        foreach (var field in state.fields)
        {
            writer.WritePropertyName(field);
            if (state.value(field) is { } found) found.WriteTo(writer);
            else writer.WriteNullValue();
        }
        writer.WriteEndObject();
    });
}
