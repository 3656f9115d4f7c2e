using Npgsql;

namespace Conductor.EndToEnd.Tests;

/// <summary>How large the tables of the workflows service are, in bytes.</summary>
internal static class TableSizes
{
    public static async Task<IReadOnlyDictionary<string, (long Rows, long Indexes)>> ReadAsync(Platform platform)
    {
        await using var source = NpgsqlDataSource.Create(platform.Database("workflows"));
        await using var command = source.CreateCommand("""
            SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'workflows'::regnamespace ORDER BY 1
            """);
        await using var row = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var sizes = new Dictionary<string, (long, long)>();
        while (await row.ReadAsync(TestContext.Current.CancellationToken)) sizes[row.GetString(0)] = (row.GetInt64(1), row.GetInt64(2));
        return sizes;
    }
}
