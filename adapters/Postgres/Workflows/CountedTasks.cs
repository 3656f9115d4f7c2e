using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>How many tasks of a type may be handed out, over all workflows, worker domains and servers.</summary>
/// <param name="TaskType">The type.</param>
/// <param name="Concurrent">Attempts in progress at a time; 0 for any number.</param>
/// <param name="PerWindow">Hand-outs in any <paramref name="Window"/>; 0 for any number.</param>
/// <param name="Window">The span over which hand-outs are counted.</param>
public sealed record TaskLimit(string TaskType, int Concurrent, int PerWindow, TimeSpan Window);

/// <summary>Hand-outs that somebody counts.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Limit">The limits of its task type; null for none.</param>
/// <param name="MostOnBus">How many tasks of the queue workers on the bus may hold; null for workers that poll.</param>
public sealed record CountedRequest(string Queue, TaskLimit? Limit, int? MostOnBus);

/// <summary>
/// Counts hand-outs before they happen. One server at a time counts those of a type (or of a queue on the bus; an advisory lock until the end
/// of its transaction), so limits are exact over all servers. What is counted is taken back with the end of the attempt, or, where the
/// hand-out never happened, here.
/// </summary>
public sealed class CountedTasks(NpgsqlDataSource source)
{
    // A hand-out follows within moments; one that failed, or whose server died, leaves a count behind until its task is offered again.
    private static readonly TimeSpan Abandoned = TimeSpan.FromSeconds(10);

    private const string IsHandedOut = "EXISTS (SELECT FROM workflows.tasks t WHERE t.id = c.task_id AND t.status = 'IN_PROGRESS')";

    // Those that are claimed now do not stand in their own way, unless somebody has handed them out.
    private const string Holds = $"(c.counted_at > $5 AND c.task_id <> ALL($4) OR {IsHandedOut})";

    /// <summary>Counts as many of these tasks, the first ones, as are free to be handed out.</summary>
    /// <returns>How many those are, and when there will be more, if that is known.</returns>
    public async Task<(int Granted, DateTimeOffset? NextFree)> ClaimAsync(
        CountedRequest request, IReadOnlyList<QueuedTask> tasks, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (free, nextFree) = await FreeAsync(connection, request, tasks, now, cancellationToken);
        var granted = Math.Min(free, tasks.Count);
        if (granted <= 0) return (0, nextFree);
        await CountAsync(connection, request, [.. tasks.Take(granted)], now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (granted, granted < tasks.Count ? nextFree : null);
    }

    /// <summary>Takes counts back whose hand-outs did not happen, unless another server has handed the task out.</summary>
    public async Task ReleaseAsync(IReadOnlyCollection<Guid> taskIds, CancellationToken cancellationToken)
    {
        await using var command = source.Command(
            $"DELETE FROM workflows.counted_tasks c WHERE task_id = ANY($1) AND NOT {IsHandedOut}", taskIds.ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<(int Free, DateTimeOffset? NextFree)> FreeAsync(
        NpgsqlConnection connection, CountedRequest request, IReadOnlyList<QueuedTask> tasks, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (type, window) = (request.Limit?.TaskType, request.Limit?.Window ?? TimeSpan.Zero);
        await using var batch = new NpgsqlBatch(connection);
        // Locks are statements of their own: the count then sees what the holder before has committed. All take them in this order.
        if (request.MostOnBus is not null) batch.Add("SELECT pg_advisory_xact_lock(1, hashtext($1))", request.Queue);
        if (type is not null) batch.Add("SELECT pg_advisory_xact_lock(2, hashtext($1))", type);
        batch.Add($"""
            SELECT (SELECT count(*) FROM workflows.counted_tasks c WHERE queue = $1 AND on_bus AND {Holds})::integer,
                (SELECT count(*) FROM workflows.counted_tasks c WHERE limited = $2 AND {Holds})::integer, count(*)::integer,
                $3 - (clock_timestamp() - min(at))
            FROM workflows.hand_outs WHERE task_type = $2 AND at > clock_timestamp() - $3
            """, request.Queue, type ?? "", window, tasks.Select(t => t.TaskId).ToArray(), now - Abandoned);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        for (var locks = batch.BatchCommands.Count - 1; locks > 0; locks--) await row.NextResultAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var free = request.MostOnBus - row.GetInt32(0) ?? int.MaxValue;
        if (request.Limit is { Concurrent: > 0 } limit) free = Math.Min(free, limit.Concurrent - row.GetInt32(1));
        if (request.Limit is not { PerWindow: > 0 } rated) return (free, null);
        return (Math.Min(free, rated.PerWindow - row.GetInt32(2)), row.IsDBNull(3) ? null : now + row.GetTimeSpan(3));
    }

    private static async Task CountAsync(
        NpgsqlConnection connection, CountedRequest request, IReadOnlyList<QueuedTask> tasks, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("""
            INSERT INTO workflows.counted_tasks (task_id, workflow_id, queue, on_bus, limited, counted_at)
            SELECT task_id, workflow_id, $3, $4, $5, $6 FROM unnest($1::uuid[], $2::uuid[]) AS t(task_id, workflow_id)
            ON CONFLICT (task_id) DO UPDATE SET on_bus = excluded.on_bus, limited = excluded.limited, counted_at = excluded.counted_at
            """,
            tasks.Select(t => t.TaskId).ToArray(), tasks.Select(t => t.WorkflowId).ToArray(), request.Queue, request.MostOnBus is not null,
            request.Limit is { Concurrent: > 0 } ? request.Limit.TaskType : null, now);
        if (request.Limit is { PerWindow: > 0 } rated)
        {
            batch.Add("DELETE FROM workflows.hand_outs WHERE task_type = $1 AND at <= clock_timestamp() - $2", rated.TaskType, rated.Window);
            batch.Add("INSERT INTO workflows.hand_outs (task_type, at) SELECT $1, clock_timestamp() FROM generate_series(1, $2)", rated.TaskType, tasks.Count);
        }
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
