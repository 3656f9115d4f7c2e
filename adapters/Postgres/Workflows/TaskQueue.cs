using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>A task handed out, with what the answer to a worker says of its execution.</summary>
/// <param name="Task">The attempt, in progress.</param>
/// <param name="WorkflowName">Definition.</param>
/// <param name="DefinitionHash">Snapshot that the execution runs.</param>
public sealed record HandedOutTask(TaskRecord Task, string WorkflowName, string DefinitionHash);

/// <summary>A deadline that has passed.</summary>
public sealed record PassedDeadline(Guid WorkflowId, Guid TaskId, TaskTimeout Kind);

/// <summary>A timer that is due.</summary>
public sealed record DueTimer(Guid WorkflowId, Guid Token, Guid? TaskId, TimerPurpose Purpose);

/// <summary>
/// The queue of tasks that wait for workers. Taking is one statement on <c>FOR UPDATE SKIP LOCKED</c>, so any number of servers share a
/// queue. A hand-out that a crash undoes is handed out again, and the attempt's own id fences the result.
/// </summary>
public static class TaskQueue
{
    private const string Take = $"""
        WITH picked AS (
            SELECT q.task_id, row_number() OVER (ORDER BY q.priority DESC, q.due, q.task_id) AS n FROM (
                SELECT task_id, priority, due FROM workflows.task_queue WHERE queue = $1 AND NOT taken AND due <= $2
                ORDER BY priority DESC, due, task_id LIMIT $3 FOR UPDATE SKIP LOCKED) q
        ), held AS (
            UPDATE workflows.task_queue q SET taken = true, overall_until = COALESCE(q.overall_until, $2 + q.overall),
                deadline = LEAST($2 + q.response, COALESCE(q.overall_until, $2 + q.overall), q.total_until)
            FROM picked WHERE q.task_id = picked.task_id RETURNING q.task_id, picked.n
        )
        UPDATE workflows.tasks t SET status = 'IN_PROGRESS', started_at = COALESCE(t.started_at, $2), first_started_at = COALESCE(t.first_started_at, $2), updated_at = $2,
            worker_id = ($4::text[])[held.n], poll_count = t.poll_count + 1, callback_after_s = 0
        FROM held, workflows.instances i WHERE t.id = held.task_id AND i.id = t.workflow_id
        RETURNING {TaskRows.Columns}, i.name, i.definition_hash
        """;

    /// <summary>Takes as many tasks as there are workers in <paramref name="workers"/>, at most: the most urgent first.</summary>
    /// <returns>The tasks, and when the next one of the queue is due if fewer than asked for were there.</returns>
    public static async Task<(IReadOnlyList<HandedOutTask> Tasks, DateTimeOffset? NextDue)> TakeAsync(
        NpgsqlDataSource source, string queue, string?[] workers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await TakeAsync(connection, queue, workers, now, cancellationToken);
    }

    /// <summary>The same on a connection, in its transaction if it has one.</summary>
    public static async Task<(IReadOnlyList<HandedOutTask> Tasks, DateTimeOffset? NextDue)> TakeAsync(
        NpgsqlConnection connection, string queue, string?[] workers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        // A hand-out that a power failure undoes does no harm, so nobody waits for the disk.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT set_config('synchronous_commit', 'off', true)"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Take) { Parameters = { new() { Value = queue }, new() { Value = now }, new() { Value = workers.Length }, new() { Value = workers } } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT min(due) FROM workflows.task_queue WHERE queue = $1 AND NOT taken AND due > $2") { Parameters = { new() { Value = queue }, new() { Value = now } } });
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await row.NextResultAsync(cancellationToken);
        var tasks = new List<HandedOutTask>();
        while (await row.ReadAsync(cancellationToken))
            tasks.Add(new HandedOutTask(TaskRows.Read(row), row.GetString(TaskRows.Count), row.GetString(TaskRows.Count + 1)));
        await row.NextResultAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (tasks, row.IsDBNull(0) ? null : row.GetFieldValue<DateTimeOffset>(0));
    }

    /// <summary>Puts tasks back that were taken for a worker that is gone.</summary>
    public static async Task GiveBackAsync(NpgsqlDataSource source, Guid[] taskIds, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("""
            WITH back AS (
                UPDATE workflows.task_queue SET taken = false, deadline = LEAST(overall_until, total_until) WHERE task_id = ANY($1) AND taken RETURNING task_id)
            UPDATE workflows.tasks t SET status = 'SCHEDULED', worker_id = NULL, poll_count = t.poll_count - 1 FROM back WHERE t.id = back.task_id AND t.status = 'IN_PROGRESS'
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = taskIds });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Deadlines that have passed. Each is told again after half a minute, unless its task has ended by then.</summary>
    public static async Task<IReadOnlyList<PassedDeadline>> PassedDeadlinesAsync(NpgsqlDataSource source, DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("""
            UPDATE workflows.task_queue q SET deadline = $1 + interval '30 seconds'
            FROM (SELECT task_id FROM workflows.task_queue WHERE deadline <= $1 ORDER BY deadline LIMIT $2 FOR UPDATE SKIP LOCKED) passed
            WHERE q.task_id = passed.task_id
            RETURNING q.workflow_id, q.task_id, CASE WHEN q.total_until <= $1 THEN 'Total' WHEN q.overall_until <= $1 THEN 'Overall' WHEN q.taken THEN 'Response' ELSE 'Poll' END
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = now });
        command.Parameters.Add(new NpgsqlParameter { Value = most });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var passed = new List<PassedDeadline>();
        while (await row.ReadAsync(cancellationToken)) passed.Add(new PassedDeadline(row.GetGuid(0), row.GetGuid(1), Enum.Parse<TaskTimeout>(row.GetString(2))));
        return passed;
    }

    /// <summary>Timers that are due, and not yet told in the last half minute.</summary>
    public static async Task<IReadOnlyList<DueTimer>> DueTimersAsync(NpgsqlDataSource source, DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("""
            UPDATE workflows.timers t SET due = $1 + interval '30 seconds'
            FROM (SELECT token FROM workflows.timers WHERE due <= $1 ORDER BY due LIMIT $2 FOR UPDATE SKIP LOCKED) passed
            WHERE t.token = passed.token RETURNING t.workflow_id, t.token, t.task_id, t.purpose
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = now });
        command.Parameters.Add(new NpgsqlParameter { Value = most });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<DueTimer>();
        while (await row.ReadAsync(cancellationToken))
            due.Add(new DueTimer(row.GetGuid(0), row.GetGuid(1), row.IsDBNull(2) ? null : row.GetGuid(2), Enum.Parse<TimerPurpose>(row.GetString(3))));
        return due;
    }

    /// <summary>Forgets a timer that has been dealt with.</summary>
    public static async Task RemoveTimerAsync(NpgsqlDataSource source, Guid token, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("DELETE FROM workflows.timers WHERE token = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = token });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>When the next deadline or timer is due; null when there is none.</summary>
    public static async Task<DateTimeOffset?> NextDueAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT LEAST((SELECT min(deadline) FROM workflows.task_queue), (SELECT min(due) FROM workflows.timers))");
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime due ? new DateTimeOffset(due) : null;
    }

    /// <summary>How many tasks of a queue workers hold.</summary>
    public static async Task<int> HeldAsync(NpgsqlConnection connection, string queue, CancellationToken cancellationToken)
    {
        await using var command = WorkflowReads.Command(connection, "SELECT count(*)::integer FROM workflows.task_queue WHERE queue = $1 AND taken", queue);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Tasks that wait, by queue, those that are not due yet included.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> SizesAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT queue, count(*) FROM workflows.task_queue WHERE NOT taken GROUP BY queue ORDER BY queue");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var sizes = new Dictionary<string, long>();
        while (await row.ReadAsync(cancellationToken)) sizes[row.GetString(0)] = row.GetInt64(1);
        return sizes;
    }
}
