using Conductor.Domain.Workflows.Executions;
using Conductor.Postgres.Sagas.GroupCommit;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>
/// Writes what a batch of messages did to executions: a few multi-row statements, whatever the number of executions, tasks, timers and
/// events. They travel with the commit of the batch.
/// </summary>
public static class WorkflowWrites
{
    /// <summary>Appends the statements. They fail as stale when the row of an execution is not as it was loaded.</summary>
    /// <returns>The tasks that wait for workers after the commit.</returns>
    public static IReadOnlyCollection<QueuedTask> Append(BatchTransaction transaction, IReadOnlyList<InstanceChange> changes)
    {
        var (batch, rows) = (transaction.Statements, new BatchRows(changes.Count));
        foreach (var change in changes) rows.Add(change);
        // Nothing is written for an execution that has changed: this comes first, and waits for whoever is changing it.
        InstanceWrites.Append(batch, changes, rows);
        // What goes, goes before what comes: rows that a later event of the same batch brings back must stay.
        LeaveQueue(batch, rows);
        Enqueue(batch, rows.Queued);
        RemoveTasksAndTimers(batch, rows);
        InsertTasks(batch, [.. rows.Tasks.Where(t => t.IsNew).Select(t => t.Task)]);
        UpdateTasks(batch, [.. rows.Tasks.Where(t => !t.IsNew).Select(t => t.Task)]);
        InsertTimers(batch, [.. rows.Timers]);
        InsertHistory(batch, rows.History);
        InsertLogs(batch, rows.Logs);
        return rows.Queued;
    }

    private static void LeaveQueue(NpgsqlBatch batch, BatchRows rows)
    {
        if (rows.OffQueue.Count > 0) batch.Add("DELETE FROM workflows.task_queue WHERE task_id = ANY($1)", rows.OffQueue.ToArray());
        if (rows.Uncounted.Count > 0) batch.Add("DELETE FROM workflows.counted_tasks WHERE task_id = ANY($1)", rows.Uncounted.ToArray());
        Guid[] workflows = [.. rows.Wiped, .. rows.Canceled.Select(c => c.Workflow)];
        if (workflows.Length == 0) return;
        batch.Add("""
            DELETE FROM workflows.task_queue q USING workflows.tasks t
            WHERE t.workflow_id = ANY($1) AND t.status = 'SCHEDULED' AND q.task_id = t.id
            """, workflows);
        batch.Add("DELETE FROM workflows.counted_tasks WHERE workflow_id = ANY($1)", workflows);
    }

    private static void RemoveTasksAndTimers(NpgsqlBatch batch, BatchRows rows)
    {
        if (rows.Wiped.Count > 0)
        {
            var wiped = rows.Wiped.ToArray();
            batch.Add("DELETE FROM workflows.tasks WHERE workflow_id = ANY($1)", wiped);
            batch.Add("DELETE FROM workflows.timers WHERE workflow_id = ANY($1)", wiped);
        }
        if (rows.Canceled.Count > 0)
        {
            var workflows = rows.Canceled.Select(c => c.Workflow).ToArray();
            batch.Add("""
                UPDATE workflows.tasks t SET status = 'CANCELED', ended_at = c.at, updated_at = c.at
                FROM unnest($1::uuid[], $2::timestamptz[]) AS c(workflow_id, at)
                WHERE t.workflow_id = c.workflow_id AND t.status IN ('SCHEDULED', 'IN_PROGRESS')
                """, workflows, rows.Canceled.Select(c => c.At).ToArray());
        }
        if (rows.TimersCanceled.Count > 0) batch.Add("DELETE FROM workflows.timers WHERE token = ANY($1)", rows.TimersCanceled.ToArray());
        if (rows.Ended.Count > 0) batch.Add("DELETE FROM workflows.timers WHERE workflow_id = ANY($1)", rows.Ended.ToArray());
    }

    private static void InsertTasks(NpgsqlBatch batch, IReadOnlyList<TaskRecord> tasks)
    {
        if (tasks.Count == 0) return;
        batch.Add("""
            INSERT INTO workflows.tasks (id, workflow_id, ref, seq, details, input, scheduled_at, status, output, reason, worker_id, poll_count, retried,
                executed, callback_after_s, started_at, first_started_at, ended_at, updated_at, counted)
            SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], $5::bytea[], $6::bytea[], $7::timestamptz[], $8::text[], $9::bytea[],
                $10::text[], $11::text[], $12::integer[], $13::boolean[], $14::boolean[], $15::bigint[], $16::timestamptz[],
                $17::timestamptz[], $18::timestamptz[], $19::timestamptz[], $20::boolean[])
            """,
            [tasks.Select(t => t.TaskId).ToArray(), tasks.Select(t => t.WorkflowId).ToArray(), tasks.Select(t => t.NodeReference).ToArray(),
            tasks.Select(t => t.Seq).ToArray(), tasks.Select(TaskDetails.Write).ToArray(), tasks.Select(t => Payload.Write(t.Input)).ToArray(),
            tasks.Select(t => t.ScheduledTime).ToArray(), .. Changing(tasks)]);
    }

    private static void UpdateTasks(NpgsqlBatch batch, IReadOnlyList<TaskRecord> tasks)
    {
        if (tasks.Count == 0) return;
        batch.Add("""
            UPDATE workflows.tasks t SET scheduled_at = n.scheduled_at, status = n.status, output = n.output, reason = n.reason, worker_id = n.worker_id,
                poll_count = n.poll_count, retried = n.retried, executed = n.executed, callback_after_s = n.callback_after_s, started_at = n.started_at,
                first_started_at = n.first_started_at, ended_at = n.ended_at, updated_at = n.updated_at, counted = n.counted
            FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::integer[], $8::boolean[],
                $9::boolean[], $10::bigint[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[], $15::boolean[])
                AS n(id, scheduled_at, status, output, reason, worker_id, poll_count, retried, executed, callback_after_s, started_at,
                    first_started_at, ended_at, updated_at, counted)
            WHERE t.id = n.id
            """, [tasks.Select(t => t.TaskId).ToArray(), tasks.Select(t => t.ScheduledTime).ToArray(), .. Changing(tasks)]);
    }

    private static object[] Changing(IReadOnlyList<TaskRecord> tasks) =>
    [
        tasks.Select(t => t.Status.Name()).ToArray(), tasks.Select(t => Payload.Write(t.Output)).ToArray(), tasks.Select(t => t.Reason).ToArray(),
        tasks.Select(t => t.WorkerId).ToArray(),
        tasks.Select(t => t.PollCount).ToArray(), tasks.Select(t => t.Retried).ToArray(), tasks.Select(t => t.Executed).ToArray(),
        tasks.Select(t => t.CallbackAfterSeconds).ToArray(),
        tasks.Select(t => t.StartTime).ToArray(), tasks.Select(t => t.FirstStartTime).ToArray(), tasks.Select(t => t.EndTime).ToArray(),
        tasks.Select(t => t.UpdateTime).ToArray(), tasks.Select(t => t.IsCounted).ToArray(),
    ];

    private static void Enqueue(NpgsqlBatch batch, IReadOnlyCollection<QueuedTask> queued)
    {
        if (queued.Count == 0) return;
        batch.Add("""
            INSERT INTO workflows.task_queue (task_id, workflow_id, queue, workflow, priority, due, trace)
            SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::integer[], $6::timestamptz[], $7::text[])
            ON CONFLICT (task_id) DO UPDATE SET queue = excluded.queue, due = excluded.due, trace = excluded.trace
            """,
            queued.Select(q => q.TaskId).ToArray(), queued.Select(q => q.WorkflowId).ToArray(), queued.Select(q => q.Queue).ToArray(),
            queued.Select(q => q.Workflow).ToArray(), queued.Select(q => q.Priority).ToArray(), queued.Select(q => q.Due).ToArray(),
            queued.Select(q => q.Trace).ToArray());
    }

    private static void InsertLogs(NpgsqlBatch batch, IReadOnlyList<(Guid TaskId, DateTimeOffset At, string Line)> logs)
    {
        if (logs.Count == 0) return;
        batch.Add("INSERT INTO workflows.task_logs (task_id, created_at, line) SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[])",
            logs.Select(l => l.TaskId).ToArray(), logs.Select(l => l.At).ToArray(), logs.Select(l => l.Line).ToArray());
    }

    private static void InsertTimers(NpgsqlBatch batch, IReadOnlyList<TimerStartedRow> timers)
    {
        if (timers.Count == 0) return;
        batch.Add("""
            INSERT INTO workflows.timers (token, workflow_id, task_id, purpose, due)
            SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[])
            """,
            timers.Select(t => t.Token).ToArray(), timers.Select(t => t.WorkflowId).ToArray(), timers.Select(t => t.TaskId).ToArray(),
            timers.Select(t => t.Purpose.ToString()).ToArray(), timers.Select(t => t.Due).ToArray());
    }

    private static void InsertHistory(NpgsqlBatch batch, IReadOnlyList<HistoryRow> history)
    {
        if (history.Count == 0) return;
        batch.Add("""
            INSERT INTO workflows.history (workflow_id, number, at, events)
            SELECT * FROM unnest($1::uuid[], $2::integer[], $3::timestamptz[], $4::text[])
            """,
            history.Select(h => h.WorkflowId).ToArray(), history.Select(h => h.Number).ToArray(), history.Select(h => h.At).ToArray(),
            history.Select(h => h.Events).ToArray());
    }
}
