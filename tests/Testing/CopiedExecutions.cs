namespace Conductor.Testing;

/// <summary>SQL that fills a workflows database with copies of an execution, its tasks and its history. Whatever columns there are come along.</summary>
public static class CopiedExecutions
{
    /// <summary>
    /// Copies of the ended execution <c>$1</c>, numbers <c>$2</c> to <c>$3</c> (bigint) of <c>$4</c>, each 20 ms younger than the one before and the last one
    /// from now: four names, ten executions to a correlation id, one in fifty failed, one in a hundred terminated.
    /// </summary>
    public static string Ended { get; } = $$"""
        WITH made AS MATERIALIZED ({{Made}}),
        executions AS (
            INSERT INTO workflows.ended SELECT r.* FROM made m JOIN workflows.ended t ON t.id = $1
            CROSS JOIN LATERAL jsonb_populate_record(t, jsonb_build_object('id', m.id, 'created_at', m.at, 'updated_at', m.at, 'ended_at', m.at,
                'name', 'history_' || m.n % 4, 'correlation_id', 'history-' || m.n / 10, 'status', m.status, 'state', {{State}})) r)
        {{TasksAndHistory}}
        """;

    /// <summary>The same of an execution under way, of ten names, with its tasks that wait; nothing of them is due within a day.</summary>
    public static string Open { get; } = $$"""
        WITH made AS MATERIALIZED ({{Made}}),
        executions AS (
            INSERT INTO workflows.instances SELECT r.* FROM made m JOIN workflows.instances t ON t.id = $1
            CROSS JOIN LATERAL jsonb_populate_record(t, jsonb_build_object('id', m.id, 'created_at', m.at, 'updated_at', m.at,
                'wake_at', m.at + interval '1 day', 'name', 'history_' || m.n % 10, 'correlation_id', 'history-' || m.n / 10,
                'status', CASE WHEN m.n % 100 = 0 THEN 'PAUSED' ELSE 'RUNNING' END, 'state', {{State}})) r),
        waiting AS (
            INSERT INTO workflows.task_queue SELECT r.* FROM made m JOIN workflows.task_queue q ON q.workflow_id = $1
            CROSS JOIN LATERAL jsonb_populate_record(q,
                jsonb_build_object('task_id', gen_random_uuid(), 'workflow_id', m.id, 'due', m.at + interval '1 day')) r)
        {{TasksAndHistory}}
        """;

    private const string State = """
        '\x' || encode(convert_to(replace(replace(convert_from(t.state, 'UTF8'), $1::text, m.id::text), '"COMPLETED"', '"' || m.status || '"'), 'UTF8'), 'hex')
        """;

    // Ids begin with the time, as the service's do: they go to the ends of the indexes.
    private const string Made = """
        SELECT n, at, status, (prefix || '8' || substr(md5(n::text || random()), 1, 15))::uuid AS id, prefix FROM (
            SELECT n, at, lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 3) AS prefix,
                CASE WHEN n % 50 = 0 THEN 'FAILED' WHEN n % 100 = 1 THEN 'TERMINATED' ELSE 'COMPLETED' END AS status
            FROM (SELECT n, clock_timestamp() - (($4 - n) * interval '20 milliseconds') AS at FROM generate_series($2, $3) n) a) b
        """;

    private const string TasksAndHistory = """
        , tasks AS (
            INSERT INTO workflows.tasks SELECT r.* FROM made m JOIN workflows.tasks t ON t.workflow_id = $1
            CROSS JOIN LATERAL jsonb_populate_record(t, jsonb_build_object('workflow_id', m.id,
                'id', (m.prefix || '8' || substr(md5(t.id::text || m.id), 1, 15))::uuid)) r)
        INSERT INTO workflows.history SELECT r.* FROM made m JOIN workflows.history h ON h.workflow_id = $1
        CROSS JOIN LATERAL jsonb_populate_record(h, jsonb_build_object('workflow_id', m.id)) r
        """;
}
