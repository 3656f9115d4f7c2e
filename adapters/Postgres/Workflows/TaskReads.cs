using Conductor.Domain.Workflows.Executions;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>A line that a worker wrote about a task.</summary>
public sealed record TaskLogLine(Guid TaskId, DateTimeOffset CreatedAt, string Line);

/// <summary>Reads attempts, and their logs, for people and APIs.</summary>
public static class TaskReads
{
    /// <summary>One attempt with its workflow's name and snapshot, or null.</summary>
    public static async Task<HandedOutTask?> FindAsync(NpgsqlDataSource source, Guid taskId, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand($"""
            SELECT {TaskRows.Columns}, i.name, i.definition_hash FROM workflows.tasks t JOIN workflows.instances i ON i.id = t.workflow_id WHERE t.id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = taskId });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new HandedOutTask(TaskRows.Read(row), row.GetString(TaskRows.Count), row.GetString(TaskRows.Count + 1)) : null;
    }

    /// <summary>Attempts of an execution by seq: all, or a page.</summary>
    public static async Task<IReadOnlyList<TaskRecord>> OfAsync(NpgsqlDataSource source, Guid workflowId, int start = 0, int? count = null, CancellationToken cancellationToken = default)
    {
        await using var command = source.CreateCommand($"SELECT {TaskRows.Columns} FROM workflows.tasks t WHERE t.workflow_id = $1 ORDER BY t.seq, t.scheduled_at OFFSET $2 LIMIT $3");
        command.Parameters.Add(new NpgsqlParameter { Value = workflowId });
        command.Parameters.Add(new NpgsqlParameter { Value = start });
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer, Value = count ?? (object)DBNull.Value });
        return await WorkflowReads.TasksAsync(command, cancellationToken).ToListAsync(cancellationToken);
    }

    /// <summary>How many attempts an execution has.</summary>
    public static async Task<long> CountAsync(NpgsqlDataSource source, Guid workflowId, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT count(*) FROM workflows.tasks WHERE workflow_id = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = workflowId });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The latest attempt with a reference name as shown that has not ended, or null.</summary>
    public static async Task<TaskRecord?> OpenAsync(NpgsqlDataSource source, Guid workflowId, string referenceName, CancellationToken cancellationToken)
    {
        var tasks = await OfAsync(source, workflowId, cancellationToken: cancellationToken);
        return tasks.LastOrDefault(t => t.ReferenceName == referenceName && !t.Status.IsTerminal());
    }

    /// <summary>Adds lines to a task's log.</summary>
    public static async Task AddLogAsync(NpgsqlDataSource source, Guid taskId, IReadOnlyList<string> lines, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("INSERT INTO workflows.task_logs (task_id, created_at, line) SELECT $1, $2, unnest($3::text[])");
        command.Parameters.Add(new NpgsqlParameter { Value = taskId });
        command.Parameters.Add(new NpgsqlParameter { Value = now });
        command.Parameters.Add(new NpgsqlParameter { Value = lines.ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A task's log, oldest first.</summary>
    public static async Task<IReadOnlyList<TaskLogLine>> LogAsync(NpgsqlDataSource source, Guid taskId, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT created_at, line FROM workflows.task_logs WHERE task_id = $1 ORDER BY id");
        command.Parameters.Add(new NpgsqlParameter { Value = taskId });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var lines = new List<TaskLogLine>();
        while (await row.ReadAsync(cancellationToken)) lines.Add(new TaskLogLine(taskId, row.GetFieldValue<DateTimeOffset>(0), row.GetString(1)));
        return lines;
    }
}
