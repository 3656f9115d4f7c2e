using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;
using Conductor.Postgres.Workflows;
using Conductor.Postgres.Workflows.Retention;

namespace Conductor.Workflows.Answers;

/// <summary>Writes an execution in Conductor's shape: whole, or as a search result.</summary>
internal static class WorkflowAnswer
{
    // Written once for all executions that run it.
    private static readonly ConditionalWeakTable<WorkflowGraph, byte[]> Definitions = [];

    /// <summary>Writes an execution whole.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="execution">The execution.</param>
    /// <param name="tasks">Its attempts, or those to show.</param>
    /// <param name="graph">What it runs.</param>
    /// <param name="past">Its history and logs, for the archive; the API shows none.</param>
    public static void Write(
        Utf8JsonWriter writer, StoredExecution execution, IReadOnlyList<TaskRecord> tasks, WorkflowGraph graph, EndedExecution? past = null)
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
        WriteHistory(writer, past?.History ?? []);
        if (past is not null) WriteLogs(writer, past.Logs);
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

    private static void WriteHistory(Utf8JsonWriter writer, IReadOnlyList<PastEvents> history)
    {
        writer.WriteStartArray("history");
        foreach (var past in history)
        {
            writer.WriteStartObject();
            writer.WriteNumber("number", past.Number);
            writer.Time("at", past.At);
            writer.WritePropertyName("events");
            writer.WriteRawValue(past.Events, skipInputValidation: true);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteLogs(Utf8JsonWriter writer, IReadOnlyList<TaskLogLine> logs)
    {
        writer.WriteStartArray("taskLogs");
        foreach (var line in logs)
        {
            writer.WriteStartObject();
            writer.WriteString("log", line.Line);
            writer.WriteString("taskId", line.TaskId);
            writer.Time("createdTime", line.CreatedAt);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static byte[] Definition(WorkflowGraph graph) => JsonMarshal.GetRawUtf8Value(DefinitionJson.Write(graph.Definition)).ToArray();

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
