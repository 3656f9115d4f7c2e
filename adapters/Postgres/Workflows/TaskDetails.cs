using System.Text.Json;
using System.Text.Json.Serialization;
using Conductor.Domain.Workflows.Executions;

namespace Conductor.Postgres.Workflows;

/// <summary>The fields of a task row that are set once, stored as one JSON value.</summary>
internal sealed record TaskDetails(
    string ReferenceName, string TaskType, string TaskDefName, int Attempt, int Iteration, DateTimeOffset? FirstScheduledTime, int StartDelaySeconds,
    Guid? RetriedTaskId, string? Domain, long ResponseTimeoutSeconds, int Priority, string? CorrelationId, int RateLimitPerFrequency, int RateLimitFrequencyInSeconds)
{
    public static byte[] Write(TaskRecord task) => JsonSerializer.SerializeToUtf8Bytes(
        new TaskDetails(task.ReferenceName, task.TaskType, task.TaskDefName, task.Attempt, task.Iteration, task.FirstScheduledTime, task.StartDelaySeconds,
            task.RetriedTaskId, task.Domain, task.ResponseTimeoutSeconds, task.Priority, task.CorrelationId, task.RateLimitPerFrequency, task.RateLimitFrequencyInSeconds),
        TaskDetailsJson.Default.TaskDetails);

    public static TaskDetails Read(byte[] json) => JsonSerializer.Deserialize(json, TaskDetailsJson.Default.TaskDetails)!;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(TaskDetails))]
internal sealed partial class TaskDetailsJson : JsonSerializerContext;
