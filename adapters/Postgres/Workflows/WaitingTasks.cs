using Conductor.Domain.Workflows.Executions;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>A task handed out, with what the answer to a worker says of its execution.</summary>
/// <param name="Task">The attempt, in progress.</param>
/// <param name="WorkflowName">Definition.</param>
/// <param name="DefinitionHash">Snapshot that the execution runs.</param>
/// <param name="Trace">The trace (W3C) that made the task ready, if there was one.</param>
public sealed record HandedOutTask(TaskRecord Task, string WorkflowName, string DefinitionHash, string? Trace = null);

/// <summary>
/// The queues of tasks that wait for workers. Taking is one statement on <c>FOR UPDATE SKIP LOCKED</c>, so any number of servers share a
/// queue. A hand-out that a crash undoes is handed out again, and the attempt's own id fences the result.
/// </summary>
public sealed class WaitingTasks(NpgsqlDataSource source)
{
    private const string Take = $"""
        WITH picked AS (
            SELECT q.task_id, row_number() OVER (ORDER BY q.priority DESC, q.due, q.task_id) AS n FROM (
                SELECT task_id, priority, due FROM workflows.task_queue WHERE queue = $1 AND NOT taken AND due <= $2
                ORDER BY priority DESC, due, task_id LIMIT $3 FOR UPDATE SKIP LOCKED) q
        ), held AS (
            UPDATE workflows.task_queue q SET taken = true, overall_until = COALESCE(q.overall_until, $2 + q.overall),
                deadline = LEAST($2 + q.response, COALESCE(q.overall_until, $2 + q.overall), q.total_until)
            FROM picked WHERE q.task_id = picked.task_id RETURNING q.task_id, q.trace, picked.n
        )
        UPDATE workflows.tasks t SET status = 'IN_PROGRESS', started_at = COALESCE(t.started_at, $2),
            first_started_at = COALESCE(t.first_started_at, $2), updated_at = $2,
            worker_id = ($4::text[])[held.n], poll_count = t.poll_count + 1, callback_after_s = 0
        FROM held, workflows.instances i WHERE t.id = held.task_id AND i.id = t.workflow_id
        RETURNING {TaskRows.Columns}, i.name, i.definition_hash, held.trace
        """;

    /// <summary>Takes as many tasks as there are workers in <paramref name="workers"/>, at most: the most urgent first.</summary>
    /// <returns>The tasks, and when the next one of the queue is due if fewer than asked for were there.</returns>
    public async Task<(IReadOnlyList<HandedOutTask> Tasks, DateTimeOffset? NextDue)> TakeAsync(
        string queue, string?[] workers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await TakeAsync(connection, queue, workers, now, cancellationToken);
    }

    /// <summary>The same on a connection, in its transaction if it has one.</summary>
    internal static async Task<(IReadOnlyList<HandedOutTask> Tasks, DateTimeOffset? NextDue)> TakeAsync(
        NpgsqlConnection connection, string queue, string?[] workers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        // A hand-out that a power failure undoes does no harm, so nobody waits for the disk.
        batch.Add("SELECT set_config('synchronous_commit', 'off', true)");
        batch.Add(Take, queue, now, workers.Length, workers);
        batch.Add("SELECT min(due) FROM workflows.task_queue WHERE queue = $1 AND NOT taken AND due > $2", queue, now);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await row.NextResultAsync(cancellationToken);
        var tasks = new List<HandedOutTask>();
        while (await row.ReadAsync(cancellationToken))
            tasks.Add(new HandedOutTask(
                TaskRows.Read(row), row.GetString(TaskRows.Count), row.GetString(TaskRows.Count + 1), row.GetValue(TaskRows.Count + 2) as string));
        await row.NextResultAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (tasks, row.IsDBNull(0) ? null : row.GetFieldValue<DateTimeOffset>(0));
    }

    /// <summary>Puts tasks back that were taken for a worker that is gone.</summary>
    public async Task GiveBackAsync(Guid[] taskIds, CancellationToken cancellationToken)
    {
        await using var command = source.Command("""
            WITH back AS (
                UPDATE workflows.task_queue SET taken = false, deadline = LEAST(overall_until, total_until) WHERE task_id = ANY($1) AND taken RETURNING task_id)
            UPDATE workflows.tasks t SET status = 'SCHEDULED', worker_id = NULL, poll_count = t.poll_count - 1
            FROM back WHERE t.id = back.task_id AND t.status = 'IN_PROGRESS'
            """, taskIds);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Tasks that wait, by queue, those that are not due yet included.</summary>
    public async Task<IReadOnlyDictionary<string, long>> SizesAsync(CancellationToken cancellationToken)
    {
        await using var command = source.Command("SELECT queue, count(*) FROM workflows.task_queue WHERE NOT taken GROUP BY queue ORDER BY queue");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var sizes = new Dictionary<string, long>();
        while (await row.ReadAsync(cancellationToken)) sizes[row.GetString(0)] = row.GetInt64(1);
        return sizes;
    }
}
