using Conductor.Domain.Workflows.Executions;
using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Workflows;

/// <summary>How much of a list is wanted.</summary>
/// <param name="Limit">Rows at most.</param>
/// <param name="OldestFirst">The direction.</param>
/// <param name="Place">Only what comes after it.</param>
/// <param name="Oldest">SQL of the time from which on rows are searched for <paramref name="Text"/>; null for no search.</param>
/// <param name="Text">The parameter that holds the text.</param>
internal sealed record ListCut(int Limit, bool OldestFirst, ListPlace? Place = null, string? Oldest = null, string? Text = null)
{
    public string Order(string table) => OldestFirst ? $"{table}.created_at, {table}.id DESC" : $"{table}.created_at DESC, {table}.id";
}

/// <summary>
/// What the tables have for a filter: <c>created_at</c> and <c>id</c>, and <c>status</c> where text is searched. Each branch is in the order of the list,
/// from the index that begins with what is asked for (a correlation id, a name and a status, a status, the age alone). PostgreSQL merges them, and stops
/// where it has enough.
/// </summary>
internal sealed class SearchBranches(NpgsqlBatchCommand command, WorkflowFilter filter)
{
    // More values than these are one branch, whose rows are told apart one by one, or sorted.
    public const int MostValues = 16;
    private const NpgsqlDbType Texts = NpgsqlDbType.Array | NpgsqlDbType.Text;
    private static readonly string[] AllOpen = [.. Enum.GetValues<WorkflowStatus>().Where(s => !s.IsTerminal()).Select(s => s.Name())];
    private static readonly string[] AllEnded = [.. Enum.GetValues<WorkflowStatus>().Where(s => s.IsTerminal()).Select(s => s.Name())];

    private bool ByCorrelation => filter is { CorrelationIds.Count: > 0 and <= MostValues, Ids.Count: 0 };

    private bool ByName => filter is { Names.Count: > 0 and <= MostValues, CorrelationIds.Count: 0, Ids.Count: 0 } && !filter.Names.Any(NamePattern.Is);

    private bool ByAge => filter is { CorrelationIds.Count: 0, Ids.Count: 0 } && !ByName;

    public string Rows(ListCut cut)
    {
        List<string> rows = [.. Open(cut), .. Ended(cut)];
        return rows.Count > 0 ? string.Join(" UNION ALL ", rows) : "SELECT now() AS created_at, NULL::uuid AS id, '' AS status WHERE false";
    }

    // The age of those under way is indexed by status; elsewhere theirs is looked at in the rows, which are few.
    private IEnumerable<string> Open(ListCut cut)
    {
        var statuses = Wanted(AllOpen);
        if (ByAge) return statuses.SelectMany(status => Table("instances", [Is(status)], cut));
        return statuses.Length == 0 ? [] : Table("instances", statuses is [var only] ? [Is(only)] : [], cut);
    }

    private IEnumerable<string> Ended(ListCut cut)
    {
        var statuses = Wanted(AllEnded);
        if (statuses.Length == 0) return [];
        if (ByName || (ByAge && statuses.Length < AllEnded.Length)) return statuses.SelectMany(status => Table("ended", [Is(status)], cut));
        return Table("ended", statuses.Length < AllEnded.Length ? [$"x.status = ANY({command.Value(Texts, statuses)})"] : [], cut);
    }

    private string[] Wanted(string[] statuses) => filter.Statuses.Count == 0 ? statuses : [.. statuses.Intersect(filter.Statuses)];

    // The name of one of the statuses that there are, not of the filter's: partial indexes are for what a statement says itself.
    private static string Is(string status) => $"x.status = '{status}'";

    private IEnumerable<string> Table(string table, string[] where, ListCut cut)
    {
        // The status is in few of the indexes; a search for text reads the rows anyway.
        var columns = cut.Text is null ? "x.created_at, x.id" : "x.created_at, x.id, x.status";
        var (column, values) = ByCorrelation ? ("correlation_id", filter.CorrelationIds) : ByName ? ("name", filter.Names) : ("", [""]);
        return values.Distinct().Select(value =>
        {
            List<string> all = ["x.tenant = 1", .. where];
            if (column.Length > 0) all.Add($"x.{column} = {command.Value(NpgsqlDbType.Text, value)}");
            AddRest(all, cut, table);
            return $"""
                (SELECT {columns} FROM workflows.{table} x WHERE {string.Join(" AND ", all)} ORDER BY {cut.Order("x")} LIMIT {cut.Limit})
                """;
        });
    }

    private void AddRest(List<string> where, ListCut cut, string table)
    {
        if (filter.Ids.Count > 0) where.Add($"x.id = ANY({command.Value(NpgsqlDbType.Array | NpgsqlDbType.Uuid, filter.Ids.ToArray())})");
        if (filter.CorrelationIds.Count > 0 && !ByCorrelation) where.Add($"x.correlation_id = ANY({command.Value(Texts, filter.CorrelationIds.ToArray())})");
        if (filter.Names.Count > 0 && !ByName) where.Add($"x.name LIKE ANY({command.Value(Texts, filter.Names.Select(NamePattern.Like).ToArray())})");
        if (filter.Version is { } version) where.Add($"x.version = {command.Value(NpgsqlDbType.Integer, version)}");
        if (filter.From is { } from) where.Add($"x.created_at >= {command.Value(NpgsqlDbType.TimestampTz, from)}");
        if (filter.To is { } to) where.Add($"x.created_at < {command.Value(NpgsqlDbType.TimestampTz, to)}");
        if (cut.Place is { } place) where.Add(After(place, cut.OldestFirst));
        if (cut.Text is { } text) where.Add(Contains(text, cut.Oldest!, table));
    }

    // As a range of the index and a condition on its first rows: the order of the two columns is not the same.
    private string After(ListPlace place, bool oldestFirst)
    {
        var (at, id) = (command.Value(NpgsqlDbType.TimestampTz, place.CreatedAt), command.Value(NpgsqlDbType.Uuid, place.Id));
        return oldestFirst
            ? $"x.created_at >= {at} AND (x.created_at > {at} OR x.id < {id})"
            : $"x.created_at <= {at} AND (x.created_at < {at} OR x.id > {id})";
    }

    // Payloads are searched as bytes: one that is not UTF-8 would fail the search of all others.
    private static string Contains(string text, string oldest, string table) => $"""
        x.created_at >= {oldest}
            AND (strpos({(table == "ended" ? "coalesce(x.reason, '') || " : "")}x.name || x.id::text || coalesce(x.correlation_id, ''), {text}) > 0
            OR position(convert_to({text}, 'UTF8') IN x.input) > 0 OR position(convert_to({text}, 'UTF8') IN x.output) > 0)
        """;
}
