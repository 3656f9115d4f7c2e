using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>Running or paused executions of a definition.</summary>
/// <param name="Workflow">Name of the definition.</param>
/// <param name="Status">RUNNING or PAUSED.</param>
/// <param name="Count">How many.</param>
public sealed record OpenExecutions(string Workflow, string Status, long Count);

/// <summary>What waits on a queue.</summary>
/// <param name="Queue">The queue: a task type, or <c>domain:type</c>.</param>
/// <param name="Count">Tasks that wait, those that are not due yet included.</param>
/// <param name="Oldest">For how long the one that is due for longest has been.</param>
public sealed record QueueFigures(string Queue, long Count, TimeSpan Oldest);

/// <summary>When a queue was last polled, or a worker on the bus was last heard of.</summary>
public sealed record PollFigures(string Queue, TimeSpan Ago);

/// <summary>Timers, or deadlines of tasks.</summary>
/// <param name="Waiting">That are not due yet.</param>
/// <param name="Overdue">That are due and not yet told.</param>
/// <param name="Oldest">For how long the oldest of these has been due.</param>
public sealed record TimerFigures(long Waiting, long Overdue, TimeSpan Oldest);

/// <summary>The state of all workflows at one time, in figures.</summary>
public sealed record WorkflowSample(
    IReadOnlyList<OpenExecutions> Executions, IReadOnlyList<QueueFigures> Queues, IReadOnlyList<PollFigures> Polls,
    TimerFigures Timers, TimerFigures Deadlines);

/// <summary>Counts what is open, for metrics: never what has ended.</summary>
public sealed class WorkflowFigures(NpgsqlDataSource source)
{
    // More open executions than these are not counted: counting must stay cheap.
    private const int MostExecutions = 100_000;

    private static readonly string Executions = $"""
        SELECT name, status, count(*) FROM (SELECT name, status FROM workflows.instances LIMIT {MostExecutions}) o
        GROUP BY name, status
        """;

    /// <summary>Reads them in one round trip.</summary>
    public async Task<WorkflowSample> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        batch.Add(Executions);
        batch.Add(
            "SELECT queue, count(*), coalesce($1 - min(due) FILTER (WHERE due <= $1), '0') FROM workflows.task_queue GROUP BY queue", now);
        batch.Add("""
            SELECT queue, $1 - max(at) FROM (
                SELECT CASE WHEN domain = '' THEN queue ELSE domain || ':' || queue END AS queue, polled_at AS at FROM workflows.poll_data
                UNION ALL SELECT CASE WHEN domain = '' THEN task_type ELSE domain || ':' || task_type END, seen_at FROM workflows.bus_workers) p
            GROUP BY queue
            """, now);
        batch.Add(Due("workflows.timers", "due"), now);
        batch.Add(Due("workflows.instances", "wake_at"), now);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        return new WorkflowSample(
            await ListAsync(row, r => new OpenExecutions(r.GetString(0), r.GetString(1), r.GetInt64(2)), cancellationToken),
            await ListAsync(row, r => new QueueFigures(r.GetString(0), r.GetInt64(1), r.GetTimeSpan(2)), cancellationToken),
            await ListAsync(row, r => new PollFigures(r.GetString(0), r.GetTimeSpan(1)), cancellationToken),
            (await ListAsync(row, Timers, cancellationToken))[0],
            (await ListAsync(row, Timers, cancellationToken))[0]);
    }

    private static string Due(string table, string column) => $"""
        SELECT count(*) FILTER (WHERE {column} > $1), count(*) FILTER (WHERE {column} <= $1), coalesce($1 - min({column}) FILTER (WHERE {column} <= $1), '0')
        FROM {table} WHERE {column} IS NOT NULL
        """;

    private static TimerFigures Timers(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetTimeSpan(2));

    private static async Task<IReadOnlyList<T>> ListAsync<T>(NpgsqlDataReader row, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var list = new List<T>();
        while (await row.ReadAsync(cancellationToken)) list.Add(read(row));
        await row.NextResultAsync(cancellationToken);
        return list;
    }
}
