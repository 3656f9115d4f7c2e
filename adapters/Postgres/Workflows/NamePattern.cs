using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>Names with Conductor's <c>*</c> for any characters.</summary>
internal static class NamePattern
{
    // More names than these are told apart row by row.
    private const int Most = SearchBranches.MostValues;

    public static bool Is(string name) => name.Contains('*', StringComparison.Ordinal);

    // LIKE's own wildcards in a name are taken literally; Conductor's * is the only one.
    public static string Like(string name) =>
        name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal).Replace('*', '%');

    /// <summary>
    /// The filter with the names that there are in place of patterns, as far as they are few; null when there are none. The indexes are read from name
    /// to name, so this costs what the number of names does, however many executions they have.
    /// </summary>
    public static async Task<WorkflowFilter?> ResolveAsync(NpgsqlDataSource source, WorkflowFilter filter, CancellationToken cancellationToken)
    {
        if (!filter.Names.Any(Is) || filter.Ids.Count > 0 || filter.CorrelationIds.Count > 0) return filter;
        await using var command = source.Command($"""
            WITH RECURSIVE {Names("instances")}, {Names("ended")}
            SELECT DISTINCT name FROM (SELECT name FROM in_instances UNION ALL SELECT name FROM in_ended) n WHERE name LIKE ANY($1) LIMIT {Most + 1}
            """, (object)filter.Names.Select(Like).ToArray());
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        List<string> names = [];
        while (await row.ReadAsync(cancellationToken)) names.Add(row.GetString(0));
        if (names.Count > Most) return filter;
        return names.Count > 0 ? filter with { Names = names } : null;
    }

    private static string Names(string table) => $"""
        in_{table}(name) AS (
            (SELECT name FROM workflows.{table} WHERE tenant = 1 ORDER BY name LIMIT 1) UNION ALL
            SELECT (SELECT x.name FROM workflows.{table} x WHERE x.tenant = 1 AND x.name > n.name ORDER BY x.name LIMIT 1)
            FROM in_{table} n WHERE n.name IS NOT NULL)
        """;
}
