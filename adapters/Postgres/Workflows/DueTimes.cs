using Conductor.Domain.Workflows.Deciding;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>A deadline that has passed.</summary>
public sealed record PassedDeadline(Guid WorkflowId, Guid TaskId, TaskTimeout Kind);

/// <summary>A timer that is due.</summary>
public sealed record DueTimer(Guid WorkflowId, Guid Token, Guid? TaskId, TimerPurpose Purpose);

/// <summary>The deadlines of tasks, and the timers of executions and their WAIT tasks.</summary>
public sealed class DueTimes(NpgsqlDataSource source)
{
    /// <summary>Deadlines that have passed. Each is told again after half a minute, unless its task has ended by then.</summary>
    public async Task<IReadOnlyList<PassedDeadline>> PassedDeadlinesAsync(DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        await using var command = source.Command("""
            UPDATE workflows.task_queue q SET deadline = $1 + interval '30 seconds'
            FROM (SELECT task_id FROM workflows.task_queue WHERE deadline <= $1 ORDER BY deadline LIMIT $2 FOR UPDATE SKIP LOCKED) passed
            WHERE q.task_id = passed.task_id
            RETURNING q.workflow_id, q.task_id,
                CASE WHEN q.total_until <= $1 THEN 'Total' WHEN q.overall_until <= $1 THEN 'Overall' WHEN q.taken THEN 'Response' ELSE 'Poll' END
            """, now, most);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var passed = new List<PassedDeadline>();
        while (await row.ReadAsync(cancellationToken))
            passed.Add(new PassedDeadline(row.GetGuid(0), row.GetGuid(1), Enum.Parse<TaskTimeout>(row.GetString(2))));
        return passed;
    }

    /// <summary>Timers that are due, and not yet told in the last half minute.</summary>
    public async Task<IReadOnlyList<DueTimer>> DueTimersAsync(DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        await using var command = source.Command("""
            UPDATE workflows.timers t SET due = $1 + interval '30 seconds'
            FROM (SELECT token FROM workflows.timers WHERE due <= $1 ORDER BY due LIMIT $2 FOR UPDATE SKIP LOCKED) passed
            WHERE t.token = passed.token RETURNING t.workflow_id, t.token, t.task_id, t.purpose
            """, now, most);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<DueTimer>();
        while (await row.ReadAsync(cancellationToken))
            due.Add(new DueTimer(row.GetGuid(0), row.GetGuid(1), row.IsDBNull(2) ? null : row.GetGuid(2), Enum.Parse<TimerPurpose>(row.GetString(3))));
        return due;
    }

    /// <summary>Forgets a timer that has been dealt with.</summary>
    public async Task RemoveTimerAsync(Guid token, CancellationToken cancellationToken)
    {
        await using var command = source.Command("DELETE FROM workflows.timers WHERE token = $1", token);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>When the next deadline or timer is due; null when there is none.</summary>
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var command = source.Command(
            "SELECT LEAST((SELECT min(deadline) FROM workflows.task_queue), (SELECT min(due) FROM workflows.timers))");
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime due ? new DateTimeOffset(due) : null;
    }
}
