using System.Globalization;
using Conductor.Domain.Workflows.Executions;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>Reads rows of <c>workflows.tasks</c>.</summary>
internal static class TaskRows
{
    /// <summary>The columns that <see cref="Read"/> expects, in their order, of a table alias <c>t</c>.</summary>
    public const string Columns = """
        t.id, t.workflow_id, t.ref, t.seq, t.status, t.details, t.input, t.output, t.reason, t.worker_id, t.poll_count, t.retried, t.executed,
        t.callback_after_s, t.scheduled_at, t.started_at, t.first_started_at, t.ended_at, t.updated_at, t.counted
        """;

    /// <summary>How many columns that are.</summary>
    public const int Count = 20;

    /// <summary>The attempts of an execution (<c>$1</c>) that have not ended, in their order.</summary>
    public const string Open =
        $"SELECT {Columns} FROM workflows.tasks t WHERE t.workflow_id = $1 AND t.status IN ('SCHEDULED', 'IN_PROGRESS') ORDER BY t.seq";

    /// <summary>The same for people: an attempt that cannot be read is shown as such.</summary>
    public static TaskRecord Show(NpgsqlDataReader row)
    {
        try
        {
            return Read(row);
        }
        catch (Exception e) when (Unreadable.Is(e))
        {
            var reference = row.GetString(2);
            return new TaskRecord
            {
                TaskId = row.GetGuid(0), WorkflowId = row.GetGuid(1), NodeReference = reference, ReferenceName = reference, TaskType = reference,
                TaskDefName = reference, Seq = row.GetInt32(3), Status = Status(row.GetString(4)), Input = Payload.EmptyObject,
                Output = Payload.EmptyObject, Reason = Unreadable.Reason("task", e), ScheduledTime = Time(row, 14), EndTime = Time(row, 17),
                UpdateTime = Time(row, 18),
            };
        }
    }

    public static TaskRecord Read(NpgsqlDataReader row)
    {
        var details = TaskDetails.Read(row.GetFieldValue<byte[]>(5));
        return new TaskRecord
        {
            TaskId = row.GetGuid(0),
            WorkflowId = row.GetGuid(1),
            NodeReference = row.GetString(2),
            Seq = row.GetInt32(3),
            Status = Status(row.GetString(4)),
            ReferenceName = details.ReferenceName ?? row.GetString(2),
            TaskType = details.TaskType,
            TaskDefName = details.TaskDefName ?? details.TaskType,
            Attempt = details.Attempt,
            Iteration = details.Iteration,
            FirstScheduledTime = details.FirstScheduledTime,
            StartDelaySeconds = details.StartDelaySeconds,
            RetriedTaskId = details.RetriedTaskId,
            Domain = details.Domain,
            ResponseTimeoutSeconds = details.ResponseTimeoutSeconds,
            Priority = details.Priority,
            CorrelationId = details.CorrelationId,
            ConcurrentExecLimit = details.ConcurrentExecLimit,
            RateLimitPerFrequency = details.RateLimitPerFrequency,
            RateLimitFrequencyInSeconds = details.RateLimitFrequencyInSeconds ?? 1,
            Input = Payload.Read(row.GetFieldValue<byte[]>(6)),
            Output = Payload.Read(row.GetFieldValue<byte[]>(7)),
            Reason = row.IsDBNull(8) ? null : row.GetString(8),
            WorkerId = row.IsDBNull(9) ? null : row.GetString(9),
            PollCount = row.GetInt32(10),
            Retried = row.GetBoolean(11),
            Executed = row.GetBoolean(12),
            CallbackAfterSeconds = row.GetInt64(13),
            ScheduledTime = Time(row, 14),
            StartTime = Time(row, 15),
            FirstStartTime = Time(row, 16),
            EndTime = Time(row, 17),
            UpdateTime = Time(row, 18),
            IsCounted = row.GetBoolean(19),
        };
    }

    /// <summary>The status of a stored name; an unknown one is an error of the store.</summary>
    public static WorkflowTaskStatus Status(string name) => name switch
    {
        "SCHEDULED" => WorkflowTaskStatus.Scheduled,
        "IN_PROGRESS" => WorkflowTaskStatus.InProgress,
        "CANCELED" => WorkflowTaskStatus.Canceled,
        "FAILED" => WorkflowTaskStatus.Failed,
        "FAILED_WITH_TERMINAL_ERROR" => WorkflowTaskStatus.FailedWithTerminalError,
        "COMPLETED" => WorkflowTaskStatus.Completed,
        "COMPLETED_WITH_ERRORS" => WorkflowTaskStatus.CompletedWithErrors,
        "TIMED_OUT" => WorkflowTaskStatus.TimedOut,
        "SKIPPED" => WorkflowTaskStatus.Skipped,
        _ => throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"unknown task status {name} in the store")),
    };

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
