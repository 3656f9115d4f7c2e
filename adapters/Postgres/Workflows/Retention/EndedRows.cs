using Conductor.Domain.Workflows.Executions;
using Npgsql;

namespace Conductor.Postgres.Workflows.Retention;

/// <summary>Reads the rows of executions that are to be removed. What cannot be read is not taken for something else, as where it is only shown.</summary>
internal sealed class EndedRows(Action<Guid, Exception> unreadable)
{
    private readonly Dictionary<Guid, StoredExecution> _executions = [];
    private readonly Dictionary<Guid, List<TaskRecord>> _tasks = [];
    private readonly Dictionary<Guid, List<PastEvents>> _history = [];
    private readonly Dictionary<Guid, List<TaskLogLine>> _logs = [];
    private readonly HashSet<Guid> _unreadable = [];

    /// <summary>One for each kind of row, in the order in which they are read; $1 is the ids.</summary>
    public static IReadOnlyList<string> Statements { get; } =
    [
        $"SELECT {ExecutionRows.Columns} FROM workflows.ended i WHERE i.id = ANY($1)",
        $"SELECT {TaskRows.Columns} FROM workflows.tasks t WHERE t.workflow_id = ANY($1) ORDER BY t.seq, t.scheduled_at",
        "SELECT workflow_id, number, at, events FROM workflows.history WHERE workflow_id = ANY($1) ORDER BY workflow_id, number",
        """
        SELECT t.workflow_id, l.task_id, l.created_at, l.line FROM workflows.tasks t JOIN workflows.task_logs l ON l.task_id = t.id
        WHERE t.workflow_id = ANY($1) ORDER BY l.id
        """,
    ];

    public async Task ReadAsync(NpgsqlDataReader row, CancellationToken cancellationToken)
    {
        await EachAsync(row, r => r.GetGuid(3), (id, r) => _executions[id] = ExecutionRows.Parse(r), cancellationToken);
        await EachAsync(row, r => r.GetGuid(1), (id, r) => Of(_tasks, id).Add(TaskRows.Read(r)), cancellationToken);
        await EachAsync(
            row, r => r.GetGuid(0), (id, r) => Of(_history, id).Add(new(r.GetInt32(1), r.GetFieldValue<DateTimeOffset>(2), r.GetString(3))), cancellationToken);
        await EachAsync(
            row, r => r.GetGuid(0), (id, r) => Of(_logs, id).Add(new(r.GetGuid(1), r.GetFieldValue<DateTimeOffset>(2), r.GetString(3))), cancellationToken);
    }

    public IReadOnlyList<EndedExecution> Of(IReadOnlyList<EndedKey> keys) =>
    [
        .. keys.Select(key => key.Id).Where(id => !_unreadable.Contains(id) && _executions.ContainsKey(id))
            .Select(id => new EndedExecution(_executions[id], Of(_tasks, id), Of(_history, id), Of(_logs, id))),
    ];

    private async Task EachAsync(
        NpgsqlDataReader row, Func<NpgsqlDataReader, Guid> idOf, Action<Guid, NpgsqlDataReader> read, CancellationToken cancellationToken)
    {
        while (await row.ReadAsync(cancellationToken))
        {
            var id = idOf(row);
            try
            {
                read(id, row);
            }
            catch (Exception e) when (Unreadable.Is(e))
            {
                if (_unreadable.Add(id)) unreadable(id, e);
            }
        }
        await row.NextResultAsync(cancellationToken);
    }

    private static List<T> Of<T>(Dictionary<Guid, List<T>> all, Guid id) => all.TryGetValue(id, out var list) ? list : all[id] = [];
}
