using Conductor.Domain.Workflows.Executions;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>A task handed out, with what the answer to a worker says of its execution.</summary>
/// <param name="Task">The attempt, in progress.</param>
/// <param name="WorkflowName">Definition.</param>
/// <param name="DefinitionHash">Snapshot that the execution runs.</param>
/// <param name="Trace">The trace (W3C) that made the task ready, if there was one.</param>
/// <param name="Deadline">When the attempt is over unless its worker reports; null when it never is.</param>
public sealed record HandedOutTask(TaskRecord Task, string WorkflowName, string DefinitionHash, string? Trace = null, DateTimeOffset? Deadline = null);

/// <summary>Takes tasks of a queue.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Workers">Who gets them: at most one for each entry.</param>
/// <param name="Now">The time.</param>
/// <param name="Limit">The limits of the queue's task type; null for none.</param>
public sealed record TaskRequest(string Queue, IReadOnlyList<string?> Workers, DateTimeOffset Now, TaskLimit? Limit = null);

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
            UPDATE workflows.task_queue q SET taken = true, on_bus = $5, limited = $6, overall_until = COALESCE(q.overall_until, $2 + q.overall),
                deadline = LEAST($2 + q.response, COALESCE(q.overall_until, $2 + q.overall), q.total_until)
            FROM picked WHERE q.task_id = picked.task_id RETURNING q.task_id, q.trace, q.deadline, picked.n
        )
        UPDATE workflows.tasks t SET status = 'IN_PROGRESS', started_at = COALESCE(t.started_at, $2),
            first_started_at = COALESCE(t.first_started_at, $2), updated_at = $2,
            worker_id = ($4::text[])[held.n], poll_count = t.poll_count + 1, callback_after_s = 0
        FROM held, workflows.instances i WHERE t.id = held.task_id AND i.id = t.workflow_id
        RETURNING {TaskRows.Columns}, i.name, i.definition_hash, held.trace, held.deadline
        """;

    private const string GiveBack = """
        WITH back AS (
            UPDATE workflows.task_queue SET taken = false, on_bus = false, limited = NULL, due = $2, poll_until = $2 + (poll_until - due),
                deadline = LEAST($2 + (poll_until - due), overall_until, total_until)
            WHERE task_id = $1 AND taken RETURNING task_id)
        UPDATE workflows.tasks t SET status = 'SCHEDULED', worker_id = NULL, poll_count = t.poll_count - 1, updated_at = $2
        FROM back WHERE t.id = back.task_id AND t.status = 'IN_PROGRESS'
        """;

    /// <summary>Takes as many tasks as there are workers, at most: the most urgent first.</summary>
    /// <returns>The tasks, and when to look again if fewer than asked for were there and one is known to come.</returns>
    public async Task<(IReadOnlyList<HandedOutTask> Tasks, DateTimeOffset? NextDue)> TakeAsync(TaskRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (request.Limit is null) return await TakeAsync(connection, request, onBus: false, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var taken = await TakeAsync(connection, request, onBus: false, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return taken;
    }

    /// <summary>The same on a connection; with a limit, it is in a transaction.</summary>
    internal static async Task<(IReadOnlyList<HandedOutTask> Tasks, DateTimeOffset? NextDue)> TakeAsync(
        NpgsqlConnection connection, TaskRequest request, bool onBus, CancellationToken cancellationToken)
    {
        if (request.Limit is not { } limit) return await TakeFreeAsync(connection, request, onBus, cancellationToken);
        var (free, nextFree) = await TaskLimits.FreeAsync(connection, limit, request.Now, cancellationToken);
        if (free <= 0) return ([], nextFree);
        var capped = request with { Workers = [.. request.Workers.Take(free)] };
        var (tasks, nextDue) = await TakeFreeAsync(connection, capped, onBus, cancellationToken);
        await TaskLimits.CountAsync(connection, limit, tasks.Count, cancellationToken);
        return (tasks, tasks.Count == capped.Workers.Count && capped.Workers.Count < request.Workers.Count ? nextFree : nextDue);
    }

    private static async Task<(IReadOnlyList<HandedOutTask> Tasks, DateTimeOffset? NextDue)> TakeFreeAsync(
        NpgsqlConnection connection, TaskRequest request, bool onBus, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        // A hand-out that a power failure undoes does no harm, so nobody waits for the disk.
        batch.Add("SELECT set_config('synchronous_commit', 'off', true)");
        batch.Add(Take, request.Queue, request.Now, request.Workers.Count, request.Workers.ToArray(), onBus, request.Limit?.TaskType);
        batch.Add("SELECT min(due) FROM workflows.task_queue WHERE queue = $1 AND NOT taken AND due > $2", request.Queue, request.Now);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await row.NextResultAsync(cancellationToken);
        var tasks = new List<HandedOutTask>();
        while (await row.ReadAsync(cancellationToken)) tasks.Add(Read(row));
        await row.NextResultAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (tasks, Time(row, 0));
    }

    /// <summary>Puts tasks back that were taken for a worker that is gone; their poll timeout begins anew.</summary>
    public async Task GiveBackAsync(IReadOnlyList<Guid> taskIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Each on its own: whoever waits for the lock of one holds no other.
        foreach (var taskId in taskIds)
        {
            await using var command = source.Command(GiveBack, taskId, now);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static HandedOutTask Read(NpgsqlDataReader row) => new(
        TaskRows.Read(row), row.GetString(TaskRows.Count), row.GetString(TaskRows.Count + 1), row.GetValue(TaskRows.Count + 2) as string,
        Time(row, TaskRows.Count + 3));

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

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
