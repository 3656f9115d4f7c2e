using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Workflows.Answers;

/// <summary>Writes an attempt in Conductor's shape.</summary>
internal static class TaskAnswer
{
    // The definition's part is the same for every attempt of a task, and most of the bytes.
    private static readonly ConditionalWeakTable<GraphNode, byte[]> WorkflowTasks = [];
    private static readonly ConditionalWeakTable<TaskDefinition, byte[]> TaskDefinitions = [];

    public static void Write(Utf8JsonWriter writer, TaskRecord task, string workflowName, WorkflowGraph graph)
    {
        writer.WriteStartObject();
        writer.WriteString("taskType", task.TaskType);
        writer.WriteString("status", task.Status.Name());
        writer.Payload("inputData", task.Input);
        writer.WriteString("referenceTaskName", task.ReferenceName);
        writer.WriteNumber("retryCount", task.Attempt);
        writer.WriteNumber("seq", task.Seq);
        writer.Optional("correlationId", task.CorrelationId);
        writer.WriteNumber("pollCount", task.PollCount);
        writer.WriteString("taskDefName", task.TaskDefName);
        writer.Time("scheduledTime", task.ScheduledTime);
        writer.Time("startTime", task.StartTime);
        writer.Time("endTime", task.EndTime);
        writer.Time("updateTime", task.UpdateTime);
        writer.WriteNumber("startDelayInSeconds", task.StartDelaySeconds);
        writer.Optional("retriedTaskId", task.RetriedTaskId);
        writer.WriteBoolean("retried", task.Retried);
        writer.WriteBoolean("executed", task.Executed);
        writer.WriteBoolean("callbackFromWorker", value: true);
        writer.WriteNumber("responseTimeoutSeconds", task.ResponseTimeoutSeconds);
        writer.WriteString("workflowInstanceId", task.WorkflowId);
        writer.WriteString("workflowType", workflowName);
        writer.WriteString("taskId", task.TaskId);
        writer.Optional("reasonForIncompletion", task.Reason);
        writer.WriteNumber("callbackAfterSeconds", task.CallbackAfterSeconds);
        writer.Optional("workerId", task.WorkerId);
        writer.Payload("outputData", task.Output);
        writer.Optional("domain", task.Domain);
        writer.WriteNumber("rateLimitPerFrequency", task.RateLimitPerFrequency);
        writer.WriteNumber("rateLimitFrequencyInSeconds", task.RateLimitFrequencyInSeconds);
        writer.WriteNumber("workflowPriority", task.Priority);
        writer.WriteNumber("iteration", task.Iteration);
        writer.WriteBoolean("subworkflowChanged", value: false);
        writer.Time("firstStartTime", task.FirstStartTime);
        writer.WriteBoolean("loopOverTask", task.Iteration > 0);
        writer.WriteNumber("queueWaitTime", QueueWait(task));
        WriteDefinition(writer, graph.Find(task.NodeReference));
        writer.WriteEndObject();
    }

    private static void WriteDefinition(Utf8JsonWriter writer, GraphNode? node)
    {
        if (node is null) return;
        writer.WritePropertyName("workflowTask");
        writer.WriteRawValue(WorkflowTasks.GetValue(node, n => Bytes(DefinitionJson.Write(n.Task))), skipInputValidation: true);
        writer.WritePropertyName("taskDefinition");
        writer.WriteRawValue(TaskDefinitions.GetValue(node.TaskDefinition, d => Bytes(DefinitionJson.Write(d))), skipInputValidation: true);
    }

    private static byte[] Bytes(JsonElement json) => JsonMarshal.GetRawUtf8Value(json).ToArray();

    // Conductor's Task.getQueueWaitTime: from the end of the delay to the hand-out.
    private static long QueueWait(TaskRecord task) => task is { StartTime: { } start, ScheduledTime: { } scheduled }
        ? (long)Math.Max(0, (start - scheduled).TotalMilliseconds - (task.CallbackAfterSeconds * 1000))
        : 0;
}
