using Conductor.Domain.Workflows.Executions;
using Conductor.Postgres.Sagas.GroupCommit;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>
/// Writes what a batch of messages did to executions: a few multi-row statements, whatever the number of executions, tasks, timers and
/// events. They travel with the commit of the batch.
/// </summary>
/// <remarks>
/// Whoever locks rows of both tables locks those of <c>task_queue</c> first, then those of <c>tasks</c>: hand-outs, what is given back, and
/// this. Rows of <c>task_queue</c> of several executions are waited for here only; the others skip what is locked, or wait for a single one.
/// </remarks>
public static class WorkflowWrites
{
    /// <summary>Appends the statements, and the notification of the queues on which tasks can be taken then.</summary>
    public static void Append(BatchTransaction transaction, IReadOnlyList<InstanceChange> changes)
    {
        var (batch, rows) = (transaction.Statements, new BatchRows());
        foreach (var change in changes) rows.Add(change);
        // What goes, goes first: rows that a later event of the same batch brings back must stay.
        LeaveQueue(batch, rows);
        Enqueue(batch, [.. rows.Queued]);
        ExtendLeases(batch, rows.Leased);
        RemoveTasksAndTimers(batch, rows);
        InsertInstances(batch, [.. changes.Where(c => c.IsNew)], rows);
        UpdateInstances(batch, [.. changes.Where(c => !c.IsNew)], rows);
        InsertTasks(batch, [.. rows.Tasks.Where(t => t.IsNew).Select(t => t.Task)]);
        UpdateTasks(batch, [.. rows.Tasks.Where(t => !t.IsNew).Select(t => t.Task)]);
        InsertTimers(batch, [.. rows.Timers]);
        InsertHistory(batch, rows.History);
        InsertLogs(batch, rows.Logs);
        Notifications.AddExecutionsChanged(batch, rows.Signalled);
    }

    private static void LeaveQueue(NpgsqlBatch batch, BatchRows rows)
    {
        Guid[] workflows = [.. rows.Wiped, .. rows.Canceled.Select(c => c.Workflow)];
        if (workflows.Length > 0) batch.Add("DELETE FROM workflows.task_queue WHERE workflow_id = ANY($1)", workflows);
        if (rows.OffQueue.Count > 0) batch.Add("DELETE FROM workflows.task_queue WHERE task_id = ANY($1)", rows.OffQueue.ToArray());
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

    private static void InsertInstances(NpgsqlBatch batch, IReadOnlyList<InstanceChange> changes, BatchRows rows)
    {
        if (changes.Count == 0) return;
        batch.Add("""
            INSERT INTO workflows.instances (
                id, name, version, definition_hash, lifecycle, status, correlation_id, priority, next_event, state, input, output, reason,
                created_at, updated_at, ended_at)
            SELECT * FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::text[], $8::integer[],
                $9::integer[], $10::bytea[], $11::bytea[], $12::bytea[], $13::text[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[])
            """,
            changes.Select(c => c.Row.Instance.WorkflowId).ToArray(), changes.Select(c => c.Row.Instance.Name).ToArray(),
            changes.Select(c => c.Row.Instance.Version).ToArray(),
            changes.Select(c => c.Row.Instance.DefinitionHash).ToArray(), changes.Select(c => c.Row.Lifecycle).ToArray(),
            changes.Select(c => c.Row.Instance.Status.Name()).ToArray(),
            changes.Select(c => c.Row.Instance.CorrelationId).ToArray(), changes.Select(c => c.Row.Instance.Priority).ToArray(),
            changes.Select(c => c.Row.NextEvent + c.Events.Count).ToArray(), changes.Select(c => InstanceJson.Write(c.Row.Instance)).ToArray(),
            changes.Select(c => Payload.Write(rows.Inputs[c.Row.Instance.WorkflowId])).ToArray(), changes.Select(c => Output(rows, c)).ToArray(),
            changes.Select(c => c.Row.Instance.Reason).ToArray(), changes.Select(c => c.Row.Instance.CreateTime).ToArray(),
            changes.Select(c => c.Row.Instance.UpdateTime).ToArray(), changes.Select(c => c.Row.Instance.EndTime).ToArray());
    }

    private static void UpdateInstances(NpgsqlBatch batch, IReadOnlyList<InstanceChange> changes, BatchRows rows)
    {
        if (changes.Count == 0) return;
        batch.Add("""
            UPDATE workflows.instances i SET name = n.name, version = n.version, definition_hash = n.definition_hash, lifecycle = n.lifecycle,
                status = n.status, next_event = n.next_event, state = n.state,
                output = CASE WHEN n.has_output THEN n.output ELSE i.output END, reason = n.reason, updated_at = n.updated_at, ended_at = n.ended_at
            FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::integer[], $8::bytea[],
                $9::boolean[], $10::bytea[], $11::text[], $12::timestamptz[], $13::timestamptz[])
                AS n(id, name, version, definition_hash, lifecycle, status, next_event, state, has_output, output, reason, updated_at, ended_at)
            WHERE i.id = n.id
            """,
            changes.Select(c => c.Row.Instance.WorkflowId).ToArray(), changes.Select(c => c.Row.Instance.Name).ToArray(),
            changes.Select(c => c.Row.Instance.Version).ToArray(),
            changes.Select(c => c.Row.Instance.DefinitionHash).ToArray(), changes.Select(c => c.Row.Lifecycle).ToArray(),
            changes.Select(c => c.Row.Instance.Status.Name()).ToArray(), changes.Select(c => c.Row.NextEvent + c.Events.Count).ToArray(),
            changes.Select(c => InstanceJson.Write(c.Row.Instance)).ToArray(),
            changes.Select(c => rows.Outputs.ContainsKey(c.Row.Instance.WorkflowId)).ToArray(),
            changes.Select(c => Output(rows, c)).ToArray(), changes.Select(c => c.Row.Instance.Reason).ToArray(),
            changes.Select(c => c.Row.Instance.UpdateTime).ToArray(), changes.Select(c => c.Row.Instance.EndTime).ToArray());
    }

    private static byte[]? Output(BatchRows rows, InstanceChange change) =>
        rows.Outputs.TryGetValue(change.Row.Instance.WorkflowId, out var output) && output is { } json ? Payload.Write(json) : null;

    private static void InsertTasks(NpgsqlBatch batch, IReadOnlyList<TaskRecord> tasks)
    {
        if (tasks.Count == 0) return;
        batch.Add("""
            INSERT INTO workflows.tasks (id, workflow_id, ref, seq, details, input, scheduled_at, status, output, reason, worker_id, poll_count, retried,
                executed, callback_after_s, started_at, first_started_at, ended_at, updated_at)
            SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], $5::bytea[], $6::bytea[], $7::timestamptz[], $8::text[], $9::bytea[],
                $10::text[], $11::text[], $12::integer[], $13::boolean[], $14::boolean[], $15::bigint[], $16::timestamptz[],
                $17::timestamptz[], $18::timestamptz[], $19::timestamptz[])
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
                first_started_at = n.first_started_at, ended_at = n.ended_at, updated_at = n.updated_at
            FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::bytea[], $5::text[], $6::text[], $7::integer[], $8::boolean[],
                $9::boolean[], $10::bigint[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[])
                AS n(id, scheduled_at, status, output, reason, worker_id, poll_count, retried, executed, callback_after_s, started_at,
                    first_started_at, ended_at, updated_at)
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
        tasks.Select(t => t.UpdateTime).ToArray(),
    ];

    private static void Enqueue(NpgsqlBatch batch, IReadOnlyList<QueueWrite> queued)
    {
        if (queued.Count == 0) return;
        // A task that comes back keeps the deadline that runs from its first hand-out.
        batch.Add("""
            INSERT INTO workflows.task_queue AS q (
                task_id, workflow_id, queue, taken, priority, due, poll_until, response, overall, overall_until, total_until, trace, deadline)
            SELECT n.task_id, n.workflow_id, coalesce(n.queue, ''), n.queue IS NULL, n.priority, n.due, n.poll_until, n.response, n.overall,
                CASE WHEN n.queue IS NULL THEN n.due + n.overall END, n.total_until, n.trace,
                CASE WHEN n.queue IS NULL THEN LEAST(n.due + n.response, n.due + n.overall, n.total_until) ELSE LEAST(n.poll_until, n.total_until) END
            FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], $5::timestamptz[], $6::timestamptz[], $7::interval[], $8::interval[],
                $9::timestamptz[], $10::text[]) AS n(task_id, workflow_id, queue, priority, due, poll_until, response, overall, total_until, trace)
            ON CONFLICT (task_id) DO UPDATE SET queue = excluded.queue, taken = excluded.taken, due = excluded.due, poll_until = excluded.poll_until,
                response = excluded.response, overall = excluded.overall, total_until = excluded.total_until, trace = excluded.trace,
                on_bus = false, limited = NULL, deadline = LEAST(
                    CASE WHEN excluded.taken THEN excluded.due + excluded.response END, excluded.poll_until, q.overall_until, excluded.total_until)
            """,
            queued.Select(q => q.Task.TaskId).ToArray(), queued.Select(q => q.Task.WorkflowId).ToArray(), queued.Select(q => q.Queue).ToArray(),
            queued.Select(q => q.Task.Priority).ToArray(),
            queued.Select(q => q.Due).ToArray(), queued.Select(q => q.Deadlines.Poll).ToArray(), queued.Select(q => q.Deadlines.Response).ToArray(),
            queued.Select(q => q.Deadlines.Overall).ToArray(), queued.Select(q => q.Deadlines.Total).ToArray(), queued.Select(q => q.Trace).ToArray());
    }

    private static void ExtendLeases(NpgsqlBatch batch, IReadOnlyDictionary<Guid, DateTimeOffset> tasks)
    {
        if (tasks.Count == 0) return;
        batch.Add("""
            UPDATE workflows.task_queue q SET deadline = LEAST(e.at + q.response, q.overall_until, q.total_until)
            FROM unnest($1::uuid[], $2::timestamptz[]) AS e(task_id, at) WHERE q.task_id = e.task_id AND q.taken
            """, tasks.Keys.ToArray(), tasks.Values.ToArray());
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
            INSERT INTO workflows.history (workflow_id, number, at, kind, task_id, detail)
            SELECT * FROM unnest($1::uuid[], $2::integer[], $3::timestamptz[], $4::text[], $5::uuid[], $6::text[])
            """,
            history.Select(h => h.WorkflowId).ToArray(), history.Select(h => h.Number).ToArray(), history.Select(h => h.At).ToArray(),
            history.Select(h => h.Kind).ToArray(), history.Select(h => h.TaskId).ToArray(), history.Select(h => h.Detail).ToArray());
    }
}
