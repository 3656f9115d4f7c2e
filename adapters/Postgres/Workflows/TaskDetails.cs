using System.Text.Json;
using System.Text.Json.Serialization;
using Conductor.Domain.Workflows.Executions;

namespace Conductor.Postgres.Workflows;

/// <summary>The fields of a task row that are set once, stored as one JSON value, without what is the same for nearly all tasks.</summary>
internal sealed record TaskDetails
{
    /// <summary>Null: as in the definition.</summary>
    public string? ReferenceName { get; init; }
    public required string TaskType { get; init; }
    /// <summary>Null: as the type.</summary>
    public string? TaskDefName { get; init; }
    public int Attempt { get; init; }
    public int Iteration { get; init; }
    public DateTimeOffset? FirstScheduledTime { get; init; }
    public int StartDelaySeconds { get; init; }
    public Guid? RetriedTaskId { get; init; }
    public string? Domain { get; init; }
    public long ResponseTimeoutSeconds { get; init; }
    public int Priority { get; init; }
    public string? CorrelationId { get; init; }
    public int ConcurrentExecLimit { get; init; }
    public int RateLimitPerFrequency { get; init; }
    /// <summary>Null: 1.</summary>
    public int? RateLimitFrequencyInSeconds { get; init; }

    public static byte[] Write(TaskRecord task) => JsonSerializer.SerializeToUtf8Bytes(
        new TaskDetails
        {
            ReferenceName = task.ReferenceName == task.NodeReference ? null : task.ReferenceName,
            TaskType = task.TaskType,
            TaskDefName = task.TaskDefName == task.TaskType ? null : task.TaskDefName,
            Attempt = task.Attempt,
            Iteration = task.Iteration,
            FirstScheduledTime = task.FirstScheduledTime,
            StartDelaySeconds = task.StartDelaySeconds,
            RetriedTaskId = task.RetriedTaskId,
            Domain = task.Domain,
            ResponseTimeoutSeconds = task.ResponseTimeoutSeconds,
            Priority = task.Priority,
            CorrelationId = task.CorrelationId,
            ConcurrentExecLimit = task.ConcurrentExecLimit,
            RateLimitPerFrequency = task.RateLimitPerFrequency,
            RateLimitFrequencyInSeconds = task.RateLimitFrequencyInSeconds == 1 ? null : task.RateLimitFrequencyInSeconds,
        },
        TaskDetailsJson.Default.TaskDetails);

    public static TaskDetails Read(byte[] json) => JsonSerializer.Deserialize(json, TaskDetailsJson.Default.TaskDetails)!;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(TaskDetails))]
internal sealed partial class TaskDetailsJson : JsonSerializerContext;
