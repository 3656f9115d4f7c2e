using Conductor.Domain.Workflows.Deciding;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>A timer that is due.</summary>
public sealed record DueTimer(Guid WorkflowId, Guid Token, Guid? TaskId, TimerPurpose Purpose);

/// <summary>The deadlines of tasks, and the timers of executions and their WAIT tasks.</summary>
public sealed class DueTimes(NpgsqlDataSource source)
{
    /// <summary>For how long what was told is not told again.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>Executions of which a deadline may have passed, but not before <paramref name="since"/>. Each is told again after <see cref="Lease"/>,
    /// unless its next deadline is known by then.</summary>
    public async Task<IReadOnlyList<Guid>> ToWakeAsync(DateTimeOffset now, DateTimeOffset since, int most, CancellationToken cancellationToken)
    {
        await using var command = source.Command("""
            UPDATE workflows.instances i SET wake_at = $1 + $4
            FROM (SELECT id FROM workflows.instances WHERE wake_at <= $1 AND wake_at >= $2 ORDER BY wake_at LIMIT $3 FOR UPDATE SKIP LOCKED) passed
            WHERE i.id = passed.id RETURNING i.id
            """, now, since, most, Lease);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var passed = new List<Guid>();
        while (await row.ReadAsync(cancellationToken)) passed.Add(row.GetGuid(0));
        return passed;
    }

    /// <summary>Timers that are due, and not told within <see cref="Lease"/>.</summary>
    public async Task<IReadOnlyList<DueTimer>> DueTimersAsync(DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        await using var command = source.Command("""
            UPDATE workflows.timers t SET due = $1 + $3
            FROM (SELECT token FROM workflows.timers WHERE due <= $1 ORDER BY due LIMIT $2 FOR UPDATE SKIP LOCKED) passed
            WHERE t.token = passed.token RETURNING t.workflow_id, t.token, t.task_id, t.purpose
            """, now, most, Lease);
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

    /// <summary>When the next deadline (not before <paramref name="since"/>) or timer is due; null when there is none.</summary>
    public async Task<DateTimeOffset?> NextDueAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var command = source.Command(
            "SELECT LEAST((SELECT min(wake_at) FROM workflows.instances WHERE wake_at >= $1), (SELECT min(due) FROM workflows.timers))", since);
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime due ? new DateTimeOffset(due) : null;
    }
}
