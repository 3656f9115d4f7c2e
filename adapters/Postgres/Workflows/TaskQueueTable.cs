using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>A task that waits for a worker.</summary>
/// <param name="TaskId">The attempt.</param>
/// <param name="WorkflowId">Its execution.</param>
/// <param name="Queue">The queue: a task type, or <c>domain:type</c>.</param>
/// <param name="Workflow">Name of its definition.</param>
/// <param name="Priority">0 to 99; the highest goes first.</param>
/// <param name="Due">When it may be handed out.</param>
/// <param name="Trace">The trace (W3C) that made it ready, if there was one.</param>
public sealed record QueuedTask(Guid TaskId, Guid WorkflowId, string Queue, string Workflow, int Priority, DateTimeOffset Due, string? Trace = null);

/// <summary>The tasks that wait for workers, as they are stored. Servers keep them in memory: this is read at a start, and when another has gone.</summary>
public sealed class TaskQueueTable(NpgsqlDataSource source)
{
    /// <summary>Every task that waits, in no order.</summary>
    public async Task ReadAsync(Action<QueuedTask> found, CancellationToken cancellationToken)
    {
        await using var command = source.Command("SELECT task_id, workflow_id, queue, workflow, priority, due, trace FROM workflows.task_queue");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken)) found(Read(row));
    }

    private static QueuedTask Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetInt32(4), row.GetFieldValue<DateTimeOffset>(5),
        row.IsDBNull(6) ? null : row.GetString(6));

    /// <summary>Tasks that have waited on these queues since before a time, the most urgent of each first.</summary>
    public async Task<IReadOnlyList<QueuedTask>> LeftAsync(
        IReadOnlyCollection<string> queues, DateTimeOffset before, int mostOfEach, CancellationToken cancellationToken)
    {
        await using var command = source.Command("""
            SELECT q.task_id, q.workflow_id, q.queue, q.workflow, q.priority, q.due, q.trace FROM unnest($1::text[]) AS n(queue)
            CROSS JOIN LATERAL (
                SELECT * FROM workflows.task_queue t WHERE t.queue = n.queue AND t.due < $2 ORDER BY t.priority DESC, t.due LIMIT $3) q
            """, queues.ToArray(), before, mostOfEach);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var left = new List<QueuedTask>();
        while (await row.ReadAsync(cancellationToken)) left.Add(Read(row));
        return left;
    }

    /// <summary>Tasks that wait, by queue, those that are not due yet included.</summary>
    public async Task<IReadOnlyDictionary<string, long>> SizesAsync(CancellationToken cancellationToken)
    {
        await using var command = source.Command("SELECT queue, count(*) FROM workflows.task_queue GROUP BY queue ORDER BY queue");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var sizes = new Dictionary<string, long>();
        while (await row.ReadAsync(cancellationToken)) sizes[row.GetString(0)] = row.GetInt64(1);
        return sizes;
    }
}
