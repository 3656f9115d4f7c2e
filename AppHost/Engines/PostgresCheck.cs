using Npgsql;

namespace Conductor.AppHost.Engines;

/// <summary>What the AppHost asks of a PostgreSQL server.</summary>
internal static class PostgresCheck
{
    /// <summary>Why nobody can log in; null when one can. The text names the server and holds no password.</summary>
    public static async Task<string?> ProblemAsync(string connectionString, CancellationToken stop)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 5 };
        server.Database ??= "postgres";
        try
        {
            await using var connection = new NpgsqlConnection(server.ConnectionString);
            await connection.OpenAsync(stop);
            return null;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return $"PostgreSQL at {server.Host}:{server.Port} (user {server.Username}): {e.InnerException?.Message ?? e.Message}";
        }
    }

    /// <summary>Makes a database unless it is there.</summary>
    public static async Task CreateDatabaseAsync(string server, string name, CancellationToken stop)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Database = "postgres", Pooling = false }.ConnectionString);
        // A database's name cannot be a parameter of CREATE DATABASE, so the server itself quotes it.
        await using var statement = source.CreateCommand(
            "SELECT format('CREATE DATABASE %I', $1) WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)");
        statement.Parameters.Add(new() { Value = name });
        if (await statement.ExecuteScalarAsync(stop) is not string create) return;
        await using var command = source.CreateCommand(create);
        await command.ExecuteNonQueryAsync(stop);
    }
}
