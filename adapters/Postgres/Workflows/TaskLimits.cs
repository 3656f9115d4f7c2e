using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>How many tasks of a type may be handed out, over all workflows, worker domains and servers.</summary>
/// <param name="TaskType">The type.</param>
/// <param name="Concurrent">Attempts in progress at a time; 0 for any number.</param>
/// <param name="PerWindow">Hand-outs in any <paramref name="Window"/>; 0 for any number.</param>
/// <param name="Window">The span over which hand-outs are counted.</param>
public sealed record TaskLimit(string TaskType, int Concurrent, int PerWindow, TimeSpan Window);

/// <summary>
/// Counts what a limit lets through. One hand-out of a type at a time, in whatever server, does so (an advisory lock until the end of its
/// transaction), so the limits are exact.
/// </summary>
internal static class TaskLimits
{
    /// <summary>How many tasks may be handed out now, and when there will be more if that is known.</summary>
    public static async Task<(int Free, DateTimeOffset? NextFree)> FreeAsync(
        NpgsqlConnection connection, TaskLimit limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        // A statement of its own: the next one then sees what the holder before has committed.
        batch.Add("SELECT pg_advisory_xact_lock(2, hashtext($1))", limit.TaskType);
        batch.Add("""
            SELECT (SELECT count(*) FROM workflows.task_queue WHERE limited = $1)::integer, count(*)::integer, $2 - (clock_timestamp() - min(at))
            FROM workflows.hand_outs WHERE task_type = $1 AND at > clock_timestamp() - $2
            """, limit.TaskType, limit.Window);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await row.NextResultAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var concurrent = limit.Concurrent > 0 ? limit.Concurrent - row.GetInt32(0) : int.MaxValue;
        var rated = limit.PerWindow > 0 ? limit.PerWindow - row.GetInt32(1) : int.MaxValue;
        DateTimeOffset? nextFree = limit.PerWindow > 0 && !row.IsDBNull(2) ? now + row.GetTimeSpan(2) : null;
        return (Math.Min(concurrent, rated), nextFree);
    }

    /// <summary>Notes hand-outs of a type with a rate limit, and forgets those that no window reaches.</summary>
    public static async Task CountAsync(NpgsqlConnection connection, TaskLimit limit, int handedOut, CancellationToken cancellationToken)
    {
        if (limit.PerWindow <= 0 || handedOut == 0) return;
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("DELETE FROM workflows.hand_outs WHERE task_type = $1 AND at <= clock_timestamp() - $2", limit.TaskType, limit.Window);
        batch.Add("INSERT INTO workflows.hand_outs (task_type, at) SELECT $1, clock_timestamp() FROM generate_series(1, $2)", limit.TaskType, handedOut);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
