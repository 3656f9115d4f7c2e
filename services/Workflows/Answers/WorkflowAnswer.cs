using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;
using Conductor.Postgres.Workflows;

namespace Conductor.Workflows.Answers;

/// <summary>Writes an execution in Conductor's shape: whole, or as a search result.</summary>
internal static class WorkflowAnswer
{
    // Written once for all executions that run it.
    private static readonly ConditionalWeakTable<WorkflowGraph, byte[]> Definitions = [];

    public static void Write(Utf8JsonWriter writer, StoredExecution execution, IReadOnlyList<TaskRecord> tasks, WorkflowGraph graph)
    {
        var instance = execution.Instance;
        writer.WriteStartObject();
        writer.WriteString("ownerApp", "");
        writer.Time("createTime", instance.CreateTime);
        writer.Time("updateTime", instance.UpdateTime);
        writer.Optional("createdBy", instance.CreatedBy);
        writer.WriteString("status", instance.Status.Name());
        writer.Time("endTime", instance.EndTime);
        writer.WriteString("workflowId", instance.WorkflowId);
        writer.Optional("parentWorkflowId", instance.ParentWorkflowId);
        writer.Optional("parentWorkflowTaskId", instance.ParentTaskId);
        writer.WriteStartArray("tasks");
        foreach (var task in tasks) TaskAnswer.Write(writer, task, instance.Name, graph);
        writer.WriteEndArray();
        writer.Payload("input", execution.Input);
        writer.Payload("output", execution.Output);
        writer.Optional("correlationId", instance.CorrelationId);
        writer.Optional("reasonForIncompletion", instance.Reason);
        writer.Map("taskToDomain", instance.TaskToDomain);
        writer.Strings("failedReferenceTaskNames", instance.FailedReferenceNames);
        writer.WritePropertyName("workflowDefinition");
        writer.WriteRawValue(Definitions.GetValue(graph, Definition), skipInputValidation: true);
        writer.WriteNumber("priority", instance.Priority);
        writer.Payload("variables", instance.Variables);
        writer.Time("lastRetriedTime", instance.LastRetriedTime);
        writer.Strings("failedTaskNames", instance.FailedTaskNames);
        writer.WriteStartArray("history");
        writer.WriteEndArray();
        writer.WriteBoolean("rateLimited", value: false);
        writer.Time("startTime", instance.CreateTime);
        writer.WriteString("workflowName", instance.Name);
        writer.WriteNumber("workflowVersion", instance.Version);
        writer.WriteEndObject();
    }

    public static void WriteSummary(Utf8JsonWriter writer, StoredExecution execution)
    {
        var instance = execution.Instance;
        var ((input, inputSize), (output, outputSize)) = (PayloadText.Of(execution.Input), PayloadText.Of(execution.Output));
        writer.WriteStartObject();
        writer.WriteString("workflowType", instance.Name);
        writer.WriteNumber("version", instance.Version);
        writer.WriteString("workflowId", instance.WorkflowId);
        writer.Optional("correlationId", instance.CorrelationId);
        writer.WriteString("startTime", Iso(instance.CreateTime));
        writer.WriteString("updateTime", Iso(instance.UpdateTime));
        if (instance.EndTime is { } end) writer.WriteString("endTime", Iso(end));
        writer.WriteString("status", instance.Status.Name());
        writer.WriteString("input", input);
        writer.WriteString("output", output);
        writer.Optional("reasonForIncompletion", instance.Reason);
        writer.WriteNumber("executionTime", instance.EndTime is { } ended ? (long)(ended - instance.CreateTime).TotalMilliseconds : 0);
        writer.WriteString("failedReferenceTaskNames", string.Join(',', instance.FailedReferenceNames));
        writer.WriteNumber("priority", instance.Priority);
        writer.Strings("failedTaskNames", instance.FailedTaskNames);
        writer.Map("taskToDomain", instance.TaskToDomain);
        writer.WriteString("parentWorkflowId", instance.ParentWorkflowId?.ToString() ?? "");
        writer.WriteString("classifier", "workflow");
        writer.WriteNumber("inputSize", inputSize);
        writer.WriteNumber("outputSize", outputSize);
        writer.WriteEndObject();
    }

    private static byte[] Definition(WorkflowGraph graph) => JsonMarshal.GetRawUtf8Value(DefinitionJson.Write(graph.Definition)).ToArray();

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
