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
        return await ListAsync(command, cancellationToken);
    }

    /// <summary>Attempts of some executions by seq, in one go.</summary>
    public async Task<ILookup<Guid, TaskRecord>> OfAsync(IReadOnlyCollection<Guid> workflowIds, CancellationToken cancellationToken)
    {
        if (workflowIds.Count == 0) return Array.Empty<TaskRecord>().ToLookup(t => t.WorkflowId);
        await using var command = source.Command($"SELECT {TaskRows.Columns} FROM workflows.tasks t WHERE t.workflow_id = ANY($1)", workflowIds.ToArray());
        return (await ListAsync(command, cancellationToken)).OrderBy(t => t.Seq).ThenBy(t => t.ScheduledTime).ToLookup(t => t.WorkflowId);
    }

    /// <summary>A page of an execution's attempts by seq, those of some statuses or all, and how many of them there are.</summary>
    public async Task<(long Total, IReadOnlyList<TaskRecord> Page)> PageAsync(
        Guid workflowId, IReadOnlyList<string>? statuses, int start, int count, CancellationToken cancellationToken)
    {
        const string chosen = "FROM workflows.tasks x WHERE x.workflow_id = $1 AND ($2::text[] IS NULL OR x.status = ANY($2))";
        await using var batch = source.CreateBatch();
        batch.Add($"SELECT count(*) {chosen}", workflowId, statuses?.ToArray());
        batch.Add($"""
            SELECT {TaskRows.Columns} FROM (SELECT x.id {chosen} ORDER BY x.seq, x.scheduled_at OFFSET $3 LIMIT $4) p
            CROSS JOIN LATERAL (SELECT * FROM workflows.tasks y WHERE y.id = p.id) t ORDER BY t.seq, t.scheduled_at
            """, workflowId, statuses?.ToArray(), start, count);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var total = row.GetInt64(0);
        await row.NextResultAsync(cancellationToken);
        var page = new List<TaskRecord>();
        while (await row.ReadAsync(cancellationToken)) page.Add(TaskRows.Show(row));
        return (total, page);
    }

    /// <summary>The latest attempt with a reference name as shown that has not ended, or null.</summary>
    public async Task<TaskRecord?> OpenAsync(Guid workflowId, string referenceName, CancellationToken cancellationToken)
    {
        await using var command = source.Command(TaskRows.Open, workflowId);
        return (await ListAsync(command, cancellationToken)).LastOrDefault(t => t.ReferenceName == referenceName);
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

    private static async Task<List<TaskRecord>> ListAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var tasks = new List<TaskRecord>();
        while (await row.ReadAsync(cancellationToken)) tasks.Add(TaskRows.Show(row));
        return tasks;
    }
}
