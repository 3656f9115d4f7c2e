using System.Text.Json;
using Npgsql;

namespace Conductor.Workflows.Tests.Plans;

/// <summary>How PostgreSQL would execute a statement whatever the values of its parameters are.</summary>
internal sealed class Plan(JsonElement root, IReadOnlyDictionary<string, double> sizes)
{
    // A table of so few rows is read from its beginning to its end as fast as by an index.
    private const int FewRows = 500;
    // So many are counted, and looked through for text.
    private const int MostSorted = 10_001;
    private const int MostRead = 20_000;
    private static readonly string[] Unplanned =
        ["BEGIN", "COMMIT", "ROLLBACK", "LISTEN", "UNLISTEN", "NOTIFY", "SET", "DISCARD", "CREATE", "ALTER", "DROP", "COMMENT"];

    /// <summary>What must not be, each in a few words.</summary>
    public IReadOnlyList<string> Faults => [.. FaultsOf(root, isLimited: false)];

    /// <summary>Whether the database has a plan for such a statement.</summary>
    public static bool Has(string sql)
    {
        var first = sql.Split('\n').Select(line => line.Trim()).First(line => line.Length > 0 && !line.StartsWith("--", StringComparison.Ordinal));
        return !Unplanned.Contains(first.Split(' ', ';')[0].ToUpperInvariant());
    }

    /// <summary>The plan; null for a statement of a migration, which names tables without their schema. Whatever else has none is an error.</summary>
    public static async Task<Plan?> OfAsync(NpgsqlConnection connection, SentStatement statement)
    {
        var types = statement.Types.Length == 0 ? "" : $"({string.Join(", ", statement.Types)})";
        var values = statement.Types.Length == 0 ? "" : $"({string.Join(", ", statement.Types.Select(_ => "NULL"))})";
        await ExecuteAsync(connection, "SET plan_cache_mode = force_generic_plan");
        try
        {
            await ExecuteAsync(connection, $"PREPARE explained {types} AS {statement.Sql}");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return null;
        }
        await using var command = new NpgsqlCommand($"EXPLAIN (FORMAT JSON) EXECUTE explained {values}", connection);
        var json = JsonElement.Parse((string)(await command.ExecuteScalarAsync())!);
        await ExecuteAsync(connection, "DEALLOCATE explained");
        return new Plan(json[0].GetProperty("Plan"), await SizesAsync(connection));
    }

    public override string ToString() => root.ToString();

    private IEnumerable<string> FaultsOf(JsonElement node, bool isLimited)
    {
        var (type, rows) = (node.GetProperty("Node Type").GetString()!, node.GetProperty("Plan Rows").GetDouble());
        var table = node.TryGetProperty("Relation Name", out var name) ? name.GetString()! : null;
        isLimited |= type == "Limit";
        if (type == "Seq Scan" && sizes.GetValueOrDefault(table!) > MayBeRead(node)) yield return $"reads all of {table}";
        else if (table is not null && rows > MostRead && !isLimited && type != "ModifyTable") yield return $"reads {rows} rows of {table}";
        if (type.EndsWith("Sort", StringComparison.Ordinal) && Children(node).First().GetProperty("Plan Rows").GetDouble() is > MostSorted and var sorted)
            yield return $"sorts {sorted} rows";
        foreach (var fault in Children(node).SelectMany(child => FaultsOf(child, isLimited))) yield return fault;
    }

    // Text is looked for in the newest 10,000: where a table has no more, all of them are these.
    private static int MayBeRead(JsonElement node) =>
        node.TryGetProperty("Filter", out var filter) && filter.GetString()!.Contains("strpos", StringComparison.Ordinal) ? MostSorted : FewRows;

    private static IEnumerable<JsonElement> Children(JsonElement node) => node.TryGetProperty("Plans", out var plans) ? plans.EnumerateArray() : [];

    private static async Task<Dictionary<string, double>> SizesAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT relname::text, reltuples::float8 FROM pg_class WHERE relkind = 'r'", connection);
        await using var row = await command.ExecuteReaderAsync();
        var sizes = new Dictionary<string, double>();
        while (await row.ReadAsync()) sizes[row.GetString(0)] = row.GetDouble(1);
        return sizes;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
