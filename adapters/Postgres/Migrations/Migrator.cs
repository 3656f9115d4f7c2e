using System.Reflection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Conductor.Postgres.Migrations;

/// <summary>
/// Applies numbered SQL files in order, each in a transaction of its own, and records them with their checksums in the schema's table
/// <c>migrations</c>. Whoever comes first applies them: an advisory lock makes the others wait. The files name no schema: they run
/// with the schema as the search path.
/// </summary>
public static class Migrator
{
    /// <summary>Resource folder of the inbox and the outbox, in this assembly.</summary>
    public const string Messaging = "Migrations/Messaging";

    /// <summary>Creates the inbox and the outbox in a schema.</summary>
    public static Task ApplyMessagingAsync(NpgsqlDataSource source, SchemaName schema, CancellationToken cancellationToken = default) =>
        ApplyAsync(source, schema, typeof(Migrator).Assembly, Messaging, cancellationToken: cancellationToken);

    /// <summary>Applies what is missing, in order.</summary>
    /// <param name="source">The database.</param>
    /// <param name="schema">Created if it does not exist.</param>
    /// <param name="assembly">Holds the files as embedded resources named <c>folder/NNNN_name.sql</c>.</param>
    /// <param name="resourceFolder">The folder; several folders in one schema are separate sequences.</param>
    /// <param name="logger">Told of each applied file.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <exception cref="MigrationException">A file that was applied has changed since, or a file fails.</exception>
    public static async Task ApplyAsync(NpgsqlDataSource source, SchemaName schema, Assembly assembly, string resourceFolder,
        ILogger? logger = null, CancellationToken cancellationToken = default)
    {
        var migrations = Migration.Read(assembly, resourceFolder);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, "SELECT pg_advisory_lock(hashtextextended('conductor.migrations', 0))", cancellationToken);
        try
        {
            var applied = await AppliedAsync(connection, schema, resourceFolder, cancellationToken);
            foreach (var migration in migrations)
            {
                if (!applied.TryGetValue(migration.Name, out var checksum))
                    await ApplyAsync(connection, schema, migration, logger ?? NullLogger.Instance, cancellationToken);
                else if (!string.Equals(checksum, migration.Checksum, StringComparison.Ordinal))
                    throw new MigrationException($"{migration.Set}/{migration.Name} was changed after it was applied to schema {schema} "
                        + $"(checksum {checksum[..8]}, now {migration.Checksum[..8]}); add a new file instead");
            }
        }
        finally
        {
            await ExecuteAsync(connection, "SELECT pg_advisory_unlock(hashtextextended('conductor.migrations', 0))", CancellationToken.None);
        }
    }

    private static async Task<Dictionary<string, string>> AppliedAsync(
        NpgsqlConnection connection, SchemaName schema, string set, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, $"""
            CREATE SCHEMA IF NOT EXISTS {schema};
            CREATE TABLE IF NOT EXISTS {schema}.migrations (
                folder text NOT NULL, name text NOT NULL, checksum text NOT NULL, applied timestamptz NOT NULL DEFAULT clock_timestamp(),
                PRIMARY KEY (folder, name));
            """, cancellationToken);
        await using var command = new NpgsqlCommand($"SELECT name, checksum FROM {schema}.migrations WHERE folder = $1", connection);
        command.Parameters.Add(new() { Value = set });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken)) applied.Add(reader.GetString(0), reader.GetString(1));
        return applied;
    }

    private static async Task ApplyAsync(
        NpgsqlConnection connection, SchemaName schema, Migration migration, ILogger logger, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await ExecuteAsync(connection, $"SET LOCAL search_path TO {schema}", cancellationToken);
            await ExecuteAsync(connection, migration.Sql, cancellationToken);
        }
        catch (PostgresException e)
        {
            throw new MigrationException(
                $"{migration.Set}/{migration.Name} failed on schema {schema}: {e.MessageText} (SQLSTATE {e.SqlState}, position {e.Position})", e);
        }
        await using var record = new NpgsqlCommand($"INSERT INTO {schema}.migrations (folder, name, checksum) VALUES ($1, $2, $3)", connection, transaction);
        foreach (var value in new[] { migration.Set, migration.Name, migration.Checksum }) record.Parameters.Add(new() { Value = value });
        await record.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Log.Applied(logger, migration.Set, migration.Name, schema.ToString());
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Applied {Set}/{Migration} to schema {Schema}")]
    public static partial void Applied(ILogger logger, string set, string migration, string schema);
}
