using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Workflows;

/// <summary>
/// One statement of a search. Its text depends on which fields of the filter are set, never on their values: there are few, and each is planned for what
/// it asks. Either table gives so many rows at most in the order of the list (<see cref="SearchBranches"/>); only those of the page are read whole.
/// </summary>
internal static class SearchSql
{
    /// <summary>How many there are, up to <paramref name="most"/>.</summary>
    public static NpgsqlBatchCommand Count(WorkflowFilter filter, int most)
    {
        var command = new NpgsqlBatchCommand();
        var rows = Rows(command, filter, new ListCut(most, filter.OldestFirst));
        command.CommandText = $"SELECT count(*) FROM (SELECT 1 FROM ({rows}) b LIMIT {most}) c";
        return command;
    }

    /// <summary>The statuses in which a text is found, and how often, in one search through the newest executions of any status.</summary>
    public static NpgsqlBatchCommand CountText(WorkflowFilter filter)
    {
        var command = new NpgsqlBatchCommand();
        var rows = Rows(command, filter with { Statuses = [] }, new ListCut(WorkflowSearch.TextWindow, OldestFirst: false));
        command.CommandText = $"SELECT status, count(*) FROM ({rows}) b GROUP BY status";
        return command;
    }

    /// <summary>Columns of the view <c>executions</c>, as <c>i</c>: those of the page and of one row more, if there is one, from the page's place on.</summary>
    public static NpgsqlBatchCommand Page(WorkflowFilter filter, string columns, PageRequest page)
    {
        var command = new NpgsqlBatchCommand();
        var cut = new ListCut(Step(page.Start + page.Size + 1), filter.OldestFirst ^ page.Before, page.Place);
        var rows = Rows(command, filter, cut);
        command.CommandText = $"""
            SELECT {columns} FROM (
                SELECT created_at, id FROM ({rows}) b ORDER BY {cut.Order("b")}
                OFFSET {command.Value(NpgsqlDbType.Integer, page.Start)} LIMIT {command.Value(NpgsqlDbType.Integer, page.Size + 1)}) p
            CROSS JOIN LATERAL (SELECT * FROM workflows.executions x WHERE x.id = p.id) i ORDER BY {cut.Order("p")}
            """;
        return command;
    }

    /// <summary>Ids alone.</summary>
    public static NpgsqlBatchCommand Ids(WorkflowFilter filter, int most)
    {
        var command = new NpgsqlBatchCommand();
        var cut = new ListCut(Step(most), filter.OldestFirst);
        var rows = Rows(command, filter, cut);
        command.CommandText = $"SELECT id FROM ({rows}) b ORDER BY {cut.Order("b")} LIMIT {command.Value(NpgsqlDbType.Integer, most)}";
        return command;
    }

    /// <summary>A parameter; its name in the statement.</summary>
    public static string Value(this NpgsqlBatchCommand command, NpgsqlDbType type, object value)
    {
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value });
        return $"${command.Parameters.Count}";
    }

    // Where the newest rows end that text is looked for in is found in the indexes, without the rows themselves.
    private static string Rows(NpgsqlBatchCommand command, WorkflowFilter filter, ListCut cut)
    {
        var branches = new SearchBranches(command, filter);
        if (string.IsNullOrEmpty(filter.Text)) return branches.Rows(cut);
        var newest = new ListCut(WorkflowSearch.TextWindow, OldestFirst: false);
        var oldest = $"SELECT created_at FROM ({branches.Rows(newest)}) b ORDER BY {newest.Order("b")} LIMIT {newest.Limit}";
        return branches.Rows(cut with
        {
            Oldest = $"(SELECT min(created_at) FROM ({oldest}) w)",
            Text = command.Value(NpgsqlDbType.Text, Statements.Storable(filter.Text)!),
        });
    }

    // A planner that does not know a limit takes it for a tenth of the table.
    private static int Step(int limit)
    {
        var step = 16;
        while (step < limit) step *= 4;
        return step;
    }
}
