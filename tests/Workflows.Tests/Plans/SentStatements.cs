using Npgsql;

namespace Conductor.Workflows.Tests.Plans;

/// <summary>A statement as the service has sent it.</summary>
/// <param name="Sql">Its text.</param>
/// <param name="Types">The types of its parameters.</param>
internal sealed record SentStatement(string Sql, string[] Types);

/// <summary>Finds what a service has sent: each of its connections still has it, prepared.</summary>
internal static class SentStatements
{
    private const string Mine = "pg_prepared_statements";

    public static async Task<IReadOnlyCollection<SentStatement>> ReadAsync(NpgsqlDataSource service, int connections)
    {
        var open = new List<NpgsqlConnection>();
        try
        {
            // Those that lie idle come first; held together, each comes once.
            while (open.Count < connections) open.Add(await service.OpenConnectionAsync());
            var found = new Dictionary<string, SentStatement>();
            foreach (var connection in open)
                foreach (var statement in await ReadAsync(connection)) found[statement.Sql] = statement;
            return found.Values;
        }
        finally
        {
            foreach (var connection in open) await connection.DisposeAsync();
        }
    }

    private static async Task<List<SentStatement>> ReadAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand($"SELECT statement, parameter_types::text[] FROM {Mine}", connection);
        await using var row = await command.ExecuteReaderAsync();
        var found = new List<SentStatement>();
        while (await row.ReadAsync())
            if (!row.GetString(0).Contains(Mine, StringComparison.Ordinal)) found.Add(new(row.GetString(0), row.GetFieldValue<string[]>(1)));
        return found;
    }
}
