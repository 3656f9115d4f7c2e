using Conductor.Domain.Workflows.Executions;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>
/// Writes the rows of executions: those under way in <c>instances</c>, the others in <c>ended</c>. Each statement names the version that it was made
/// for (the number of the next event); <c>workflows.fence</c> fails the batch where that is not the one in the table.
/// </summary>
internal static class InstanceWrites
{
    public static void Append(NpgsqlBatch batch, IReadOnlyList<InstanceChange> changes, BatchRows rows)
    {
        InstanceChange[] Of(InstancePlace before, InstancePlace after) => [.. changes.Where(c => c.Before == before && c.After == after)];
        var stay = Of(InstancePlace.UnderWay, InstancePlace.UnderWay);
        Touch(batch, [.. stay.Where(c => c.LeavesState)]);
        Update(batch, [.. stay.Where(c => !c.LeavesState)]);
        End(batch, Of(InstancePlace.UnderWay, InstancePlace.Ended), rows);
        Reopen(batch, Of(InstancePlace.Ended, InstancePlace.UnderWay), rows);
        UpdateEnded(batch, Of(InstancePlace.Ended, InstancePlace.Ended), rows);
        Insert(batch, Of(InstancePlace.None, InstancePlace.UnderWay), rows);
        InsertEnded(batch, Of(InstancePlace.None, InstancePlace.Ended), rows);
    }

    private static void Touch(NpgsqlBatch batch, InstanceChange[] changes)
    {
        if (changes.Length == 0) return;
        batch.Add("""
            WITH u AS (
                UPDATE workflows.instances i SET next_event = n.next_event, wake_at = n.wake_at
                FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::timestamptz[]) AS n(id, expected, next_event, wake_at)
                WHERE i.id = n.id AND i.next_event = n.expected RETURNING 1)
            SELECT workflows.fence((SELECT count(*) FROM u), $5)
            """, [.. Versions(changes), changes.Select(c => c.Row.WakeAt).ToArray(), changes.Length]);
    }

    private static void Update(NpgsqlBatch batch, InstanceChange[] changes)
    {
        if (changes.Length == 0) return;
        batch.Add("""
            WITH u AS (
                UPDATE workflows.instances i SET next_event = n.next_event, wake_at = n.wake_at, lifecycle = n.lifecycle, status = n.status, state = n.state,
                    updated_at = n.updated_at
                FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::timestamptz[], $5::text[], $6::text[], $7::bytea[], $8::timestamptz[])
                    AS n(id, expected, next_event, wake_at, lifecycle, status, state, updated_at)
                WHERE i.id = n.id AND i.next_event = n.expected RETURNING 1)
            SELECT workflows.fence((SELECT count(*) FROM u), $9)
            """, [.. Versions(changes), changes.Select(c => c.Row.WakeAt).ToArray(), .. States(changes), changes.Length]);
    }

    private static void End(NpgsqlBatch batch, InstanceChange[] changes, BatchRows rows)
    {
        if (changes.Length == 0) return;
        batch.Add("""
            WITH n AS (
                SELECT * FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::text[], $5::text[], $6::bytea[], $7::timestamptz[], $8::text[],
                    $9::timestamptz[], $10::boolean[], $11::bytea[])
                    AS n(id, expected, next_event, lifecycle, status, state, updated_at, reason, ended_at, has_output, output)),
            gone AS (DELETE FROM workflows.instances i USING n WHERE i.id = n.id AND i.next_event = n.expected RETURNING i.*),
            moved AS (
                INSERT INTO workflows.ended (id, tenant, version, priority, next_event, created_at, updated_at, ended_at, name, definition_hash,
                    correlation_id, lifecycle, status, reason, state, input, output)
                SELECT g.id, g.tenant, g.version, g.priority, n.next_event, g.created_at, n.updated_at, n.ended_at, g.name, g.definition_hash,
                    g.correlation_id, n.lifecycle, n.status, n.reason, n.state, g.input, CASE WHEN n.has_output THEN n.output ELSE g.output END
                FROM gone g JOIN n ON n.id = g.id)
            SELECT workflows.fence((SELECT count(*) FROM gone), $12)
            """, [.. Versions(changes), .. States(changes), .. Ends(changes, rows), changes.Length]);
    }

    private static void Reopen(NpgsqlBatch batch, InstanceChange[] changes, BatchRows rows)
    {
        if (changes.Length == 0) return;
        batch.Add("""
            WITH n AS (
                SELECT * FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::text[], $5::text[], $6::bytea[], $7::timestamptz[], $8::timestamptz[],
                    $9::boolean[], $10::bytea[], $11::integer[], $12::text[])
                    AS n(id, expected, next_event, lifecycle, status, state, updated_at, wake_at, has_output, output, version, definition_hash)),
            gone AS (DELETE FROM workflows.ended e USING n WHERE e.id = n.id AND e.next_event = n.expected RETURNING e.*),
            moved AS (
                INSERT INTO workflows.instances (id, tenant, version, priority, created_at, wake_at, name, definition_hash, correlation_id, input, output,
                    lifecycle, status, state, next_event, updated_at)
                SELECT g.id, g.tenant, n.version, g.priority, g.created_at, n.wake_at, g.name, n.definition_hash, g.correlation_id, g.input,
                    CASE WHEN n.has_output THEN n.output ELSE g.output END, n.lifecycle, n.status, n.state, n.next_event, n.updated_at
                FROM gone g JOIN n ON n.id = g.id)
            SELECT workflows.fence((SELECT count(*) FROM gone), $13)
            """,
            [.. Versions(changes), .. States(changes), changes.Select(c => c.Row.WakeAt).ToArray(), .. Outputs(changes, rows), .. Definitions(changes),
            changes.Length]);
    }

    private static void UpdateEnded(NpgsqlBatch batch, InstanceChange[] changes, BatchRows rows)
    {
        if (changes.Length == 0) return;
        batch.Add("""
            WITH u AS (
                UPDATE workflows.ended e SET next_event = n.next_event, lifecycle = n.lifecycle, status = n.status, state = n.state, updated_at = n.updated_at,
                    reason = n.reason, ended_at = n.ended_at, output = CASE WHEN n.has_output THEN n.output ELSE e.output END, version = n.version,
                    definition_hash = n.definition_hash
                FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::text[], $5::text[], $6::bytea[], $7::timestamptz[], $8::text[], $9::timestamptz[],
                    $10::boolean[], $11::bytea[], $12::integer[], $13::text[])
                    AS n(id, expected, next_event, lifecycle, status, state, updated_at, reason, ended_at, has_output, output, version, definition_hash)
                WHERE e.id = n.id AND e.next_event = n.expected RETURNING 1)
            SELECT workflows.fence((SELECT count(*) FROM u), $14)
            """, [.. Versions(changes), .. States(changes), .. Ends(changes, rows), .. Definitions(changes), changes.Length]);
    }

    private static void Insert(NpgsqlBatch batch, InstanceChange[] changes, BatchRows rows)
    {
        if (changes.Length == 0) return;
        batch.Add("""
            INSERT INTO workflows.instances (id, version, priority, created_at, wake_at, name, definition_hash, correlation_id, input, lifecycle, status, state,
                next_event, updated_at)
            SELECT id, version, priority, created_at, wake_at, name, definition_hash, correlation_id, input, lifecycle, status, state, next_event, updated_at
            FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::text[], $5::text[], $6::bytea[], $7::timestamptz[], $8::integer[], $9::text[],
                $10::integer[], $11::timestamptz[], $12::text[], $13::text[], $14::bytea[], $15::timestamptz[])
                AS n(id, expected, next_event, lifecycle, status, state, updated_at, version, definition_hash, priority, created_at, name, correlation_id,
                    input, wake_at)
            """,
            [.. Versions(changes), .. States(changes), .. Definitions(changes), .. Firsts(changes, rows), changes.Select(c => c.Row.WakeAt).ToArray()]);
    }

    private static void InsertEnded(NpgsqlBatch batch, InstanceChange[] changes, BatchRows rows)
    {
        if (changes.Length == 0) return;
        batch.Add("""
            INSERT INTO workflows.ended (id, version, priority, next_event, created_at, updated_at, ended_at, name, definition_hash, correlation_id, lifecycle,
                status, reason, state, input, output)
            SELECT id, version, priority, next_event, created_at, updated_at, ended_at, name, definition_hash, correlation_id, lifecycle, status, reason,
                state, input, output
            FROM unnest($1::uuid[], $2::integer[], $3::integer[], $4::text[], $5::text[], $6::bytea[], $7::timestamptz[], $8::integer[], $9::text[],
                $10::integer[], $11::timestamptz[], $12::text[], $13::text[], $14::bytea[], $15::text[], $16::timestamptz[], $17::boolean[], $18::bytea[])
                AS n(id, expected, next_event, lifecycle, status, state, updated_at, version, definition_hash, priority, created_at, name, correlation_id,
                    input, reason, ended_at, has_output, output)
            """, [.. Versions(changes), .. States(changes), .. Definitions(changes), .. Firsts(changes, rows), .. Ends(changes, rows)]);
    }

    private static object[] Versions(InstanceChange[] changes) =>
    [
        changes.Select(c => c.Row.Instance.WorkflowId).ToArray(), changes.Select(c => c.Row.NextEvent).ToArray(),
        changes.Select(c => c.Row.NextEvent + c.Events.Count).ToArray(),
    ];

    private static object[] States(InstanceChange[] changes) =>
    [
        changes.Select(c => c.Row.Lifecycle).ToArray(), changes.Select(c => c.Row.Instance.Status.Name()).ToArray(),
        changes.Select(c => InstanceJson.Write(c.Row.Instance)).ToArray(), changes.Select(c => c.Row.Instance.UpdateTime).ToArray(),
    ];

    private static object[] Definitions(InstanceChange[] changes) =>
        [changes.Select(c => c.Row.Instance.Version).ToArray(), changes.Select(c => c.Row.Instance.DefinitionHash).ToArray()];

    private static object[] Firsts(InstanceChange[] changes, BatchRows rows) =>
    [
        changes.Select(c => c.Row.Instance.Priority).ToArray(), changes.Select(c => c.Row.Instance.CreateTime).ToArray(),
        changes.Select(c => c.Row.Instance.Name).ToArray(), changes.Select(c => c.Row.Instance.CorrelationId).ToArray(),
        changes.Select(c => Payload.Write(rows.Inputs[c.Row.Instance.WorkflowId])).ToArray(),
    ];

    private static object[] Ends(InstanceChange[] changes, BatchRows rows) =>
    [
        changes.Select(c => c.Row.Instance.Reason).ToArray(), changes.Select(c => c.Row.Instance.EndTime ?? c.Row.Instance.UpdateTime).ToArray(),
        .. Outputs(changes, rows),
    ];

    private static object[] Outputs(InstanceChange[] changes, BatchRows rows) =>
    [
        changes.Select(c => rows.Outputs.ContainsKey(c.Row.Instance.WorkflowId)).ToArray(),
        changes.Select(c => rows.Outputs.GetValueOrDefault(c.Row.Instance.WorkflowId) is { } json ? Payload.Write(json) : null).ToArray(),
    ];
}
