using System.Runtime.CompilerServices;
using System.Text.Json;
using Conductor.Domain.Workflows.Executions;
using Conductor.Postgres.Sagas.GroupCommit;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>What the saga's shell reads for a batch of messages: each method is one round trip, however many executions are meant.</summary>
public static class WorkflowReads
{
    /// <summary>Executions and, in the same round trip, the attempts with these ids; absent ones are not in the result.</summary>
    public static async Task<(IReadOnlyDictionary<Guid, InstanceRow> Instances, IReadOnlyDictionary<Guid, TaskRecord> Tasks)> InstancesAndTasksAsync(
        BatchTransaction transaction, IReadOnlyCollection<Guid> ids, IReadOnlyCollection<Guid> taskIds, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(await transaction.BegunAsync());
        batch.Add("""
            SELECT lifecycle, next_event, state, wake_at FROM workflows.instances WHERE id = ANY($1)
            UNION ALL SELECT lifecycle, next_event, state, NULL FROM workflows.ended WHERE id = ANY($1)
            """, ids.ToArray());
        batch.Add($"SELECT {TaskRows.Columns} FROM workflows.tasks t WHERE t.id = ANY($1)", taskIds.ToArray());
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var instances = await ReadAsync(row, cancellationToken);
        await row.NextResultAsync(cancellationToken);
        var tasks = new Dictionary<Guid, TaskRecord>();
        while (await row.ReadAsync(cancellationToken))
        {
            var task = TaskRows.Read(row);
            tasks[task.TaskId] = task;
        }
        return (instances, tasks);
    }

    /// <summary>The latest attempt of each (execution, reference name in the definition); pairs without one are not in the result.</summary>
    public static async Task<IReadOnlyDictionary<(Guid Workflow, string Reference), TaskRecord>> LatestAsync(
        BatchTransaction transaction, IReadOnlyList<(Guid Workflow, string Reference)> pairs, CancellationToken cancellationToken)
    {
        await using var command = (await transaction.BegunAsync()).Command($"""
            SELECT {TaskRows.Columns} FROM unnest($1::uuid[], $2::text[]) AS p(workflow_id, ref)
            CROSS JOIN LATERAL (SELECT * FROM workflows.tasks x WHERE x.workflow_id = p.workflow_id AND x.ref = p.ref ORDER BY x.seq DESC LIMIT 1) t
            """, pairs.Select(p => p.Workflow).ToArray(), pairs.Select(p => p.Reference).ToArray());
        var found = new Dictionary<(Guid, string), TaskRecord>();
        await foreach (var task in TasksAsync(command, cancellationToken)) found[(task.WorkflowId, task.NodeReference)] = task;
        return found;
    }

    /// <summary>Every attempt of an execution, by seq.</summary>
    public static async Task<IReadOnlyList<TaskRecord>> AllTasksAsync(BatchTransaction transaction, Guid workflowId, CancellationToken cancellationToken)
    {
        await using var command = (await transaction.BegunAsync()).Command(
            $"SELECT {TaskRows.Columns} FROM workflows.tasks t WHERE t.workflow_id = $1 ORDER BY t.seq, t.scheduled_at", workflowId);
        return await TasksAsync(command, cancellationToken).ToListAsync(cancellationToken);
    }

    /// <summary>The attempts of an execution that have not ended, by seq.</summary>
    public static async Task<IReadOnlyList<TaskRecord>> OpenTasksAsync(BatchTransaction transaction, Guid workflowId, CancellationToken cancellationToken)
    {
        await using var command = (await transaction.BegunAsync()).Command(TaskRows.Open, workflowId);
        return await TasksAsync(command, cancellationToken).ToListAsync(cancellationToken);
    }

    /// <summary>Inputs of executions.</summary>
    public static async Task<IReadOnlyDictionary<Guid, JsonElement>> InputsAsync(
        BatchTransaction transaction, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        await using var command = (await transaction.BegunAsync()).Command("SELECT id, input FROM workflows.executions WHERE id = ANY($1)", ids.ToArray());
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var inputs = new Dictionary<Guid, JsonElement>();
        while (await row.ReadAsync(cancellationToken)) inputs[row.GetGuid(0)] = Payload.Read(row.GetFieldValue<byte[]>(1));
        return inputs;
    }

    /// <summary>Whether what a batch did to an execution is in the history.</summary>
    public static async Task<bool> HasHappenedAsync(BatchTransaction transaction, InstanceChange change, CancellationToken cancellationToken)
    {
        // Nobody else has the same events at the same place: they hold ids and times.
        await using var command = (await transaction.BegunAsync()).Command(
            "SELECT EXISTS (SELECT FROM workflows.history WHERE workflow_id = $1 AND number = $2 AND at = $3 AND events = $4)",
            change.Row.Instance.WorkflowId, change.Row.NextEvent, change.Events[^1].At, HistoryJson.Write(change.Events));
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    internal static async IAsyncEnumerable<TaskRecord> TasksAsync(
        NpgsqlCommand command, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken)) yield return TaskRows.Read(row);
    }

    private static async Task<IReadOnlyDictionary<Guid, InstanceRow>> ReadAsync(NpgsqlDataReader row, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Guid, InstanceRow>();
        while (await row.ReadAsync(cancellationToken))
        {
            var instance = InstanceJson.Read(row.GetFieldValue<byte[]>(2));
            var wakeAt = row.IsDBNull(3) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(3);
            found[instance.WorkflowId] = new InstanceRow(instance, row.GetString(0), row.GetInt32(1), wakeAt);
        }
        return found;
    }
}
