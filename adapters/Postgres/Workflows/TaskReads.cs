using Conductor.Domain.Workflows.Executions;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>A task with what the answer to a worker says of its execution.</summary>
/// <param name="Task">The attempt.</param>
/// <param name="WorkflowName">Definition.</param>
/// <param name="DefinitionHash">Snapshot that the execution runs.</param>
public sealed record HandedOutTask(TaskRecord Task, string WorkflowName, string DefinitionHash);

/// <summary>A line that a worker wrote about a task.</summary>
public sealed record TaskLogLine(Guid TaskId, DateTimeOffset CreatedAt, string Line);

/// <summary>Reads attempts for people and APIs, and keeps their logs.</summary>
public sealed class TaskReads(NpgsqlDataSource source)
{
    /// <summary>One attempt with its workflow's name and snapshot, or null.</summary>
    public async Task<HandedOutTask?> FindAsync(Guid taskId, CancellationToken cancellationToken)
    {
        await using var command = source.Command($"""
            SELECT {TaskRows.Columns}, i.name, i.definition_hash FROM workflows.tasks t JOIN workflows.executions i ON i.id = t.workflow_id WHERE t.id = $1
            """, taskId);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new HandedOutTask(TaskRows.Show(row), row.GetString(TaskRows.Count), row.GetString(TaskRows.Count + 1))
            : null;
    }

    /// <summary>Attempts of an execution by seq.</summary>
    public async Task<IReadOnlyList<TaskRecord>> OfAsync(Guid workflowId, CancellationToken cancellationToken)
    {
        await using var command = source.Command(
            $"SELECT {TaskRows.Columns} FROM workflows.tasks t WHERE t.workflow_id = $1 ORDER BY t.seq, t.scheduled_at", workflowId);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var tasks = new List<TaskRecord>();
        while (await row.ReadAsync(cancellationToken)) tasks.Add(TaskRows.Show(row));
        return tasks;
    }

    /// <summary>The latest attempt with a reference name as shown that has not ended, or null.</summary>
    public async Task<TaskRecord?> OpenAsync(Guid workflowId, string referenceName, CancellationToken cancellationToken)
    {
        var tasks = await OfAsync(workflowId, cancellationToken);
        return tasks.LastOrDefault(t => t.ReferenceName == referenceName && !t.Status.IsTerminal());
    }

    /// <summary>Adds lines to a task's log.</summary>
    public async Task AddLogAsync(Guid taskId, IReadOnlyList<string> lines, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = source.Command(
            "INSERT INTO workflows.task_logs (task_id, created_at, line) SELECT $1, $2, unnest($3::text[])", taskId, now, lines.ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A task's log, oldest first.</summary>
    public async Task<IReadOnlyList<TaskLogLine>> LogAsync(Guid taskId, CancellationToken cancellationToken)
    {
        await using var command = source.Command("SELECT created_at, line FROM workflows.task_logs WHERE task_id = $1 ORDER BY id", taskId);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var lines = new List<TaskLogLine>();
        while (await row.ReadAsync(cancellationToken)) lines.Add(new TaskLogLine(taskId, row.GetFieldValue<DateTimeOffset>(0), row.GetString(1)));
        return lines;
    }
}
